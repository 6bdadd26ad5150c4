// @ts-check
/** What oidc-provider stores, in memory: the adapter that it asks for, plus what the tests need to reach. */

const MAX_RECORDS = 10_000;

/**
 * @param {(grantId: string) => Error} alreadyUsed  makes the error for a refresh token that is used a second time
 */
export function createStorage(alreadyUsed) {
  /** @type {Map<string, Record<string, any>>} */
  const records = new Map();

  /** @param {string} grantId */
  function removeGrant(grantId) {
    for (const [key, payload] of records) {
      if (payload.grantId === grantId || key === `Grant:${grantId}`) records.delete(key);
    }
  }

  class Adapter {
    /** @param {string} model */
    constructor(model) {
      this.model = model;
    }

    /** @param {string} id */
    key(id) {
      return `${this.model}:${id}`;
    }

    /** @param {string} id @param {Record<string, any>} payload */
    async upsert(id, payload) {
      records.set(this.key(id), payload);
      if (records.size > MAX_RECORDS) records.delete(/** @type {string} */ (records.keys().next().value));
    }

    /** @param {string} id */
    async find(id) {
      const payload = records.get(this.key(id));
      return payload && { ...payload };
    }

    /** A browser's session at the provider. @param {string} uid */
    async findByUid(uid) {
      const found = [...records].find(([key, payload]) => key.startsWith(`${this.model}:`) && payload.uid === uid);
      return found && { ...found[1] };
    }

    /**
     * The provider looks whether a token was used before and marks it later, with awaits between. Two requests at once could
     * both pass; here the second one loses and the grant goes, as with any reuse.
     * @param {string} id
     */
    async consume(id) {
      const payload = records.get(this.key(id));
      if (!payload || payload.consumed) {
        if (payload) removeGrant(payload.grantId);
        throw alreadyUsed(payload?.grantId);
      }
      payload.consumed = Math.floor(Date.now() / 1000);
    }

    /** @param {string} id */
    async destroy(id) {
      records.delete(this.key(id));
    }

    /** @param {string} grantId */
    async revokeByGrantId(grantId) {
      for (const [key, payload] of records) {
        if (key.startsWith(`${this.model}:`) && payload.grantId === grantId) records.delete(key);
      }
    }
  }

  /** The grants that are alive. */
  function grantIds() {
    return [...records.keys()].filter((key) => key.startsWith("Grant:")).map((key) => key.slice("Grant:".length));
  }

  /** Takes the access tokens back, and leaves all else: an operator's cleaning-up. */
  function removeAccessTokens() {
    for (const key of records.keys()) {
      if (key.startsWith("AccessToken:")) records.delete(key);
    }
  }

  return { Adapter, grantIds, removeGrant, removeAccessTokens };
}

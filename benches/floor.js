// The floor: what an app would write by hand for a session with a token server, and nothing more. It is the peer of the
// benchmarks, the least that a session can cost; two tabs, wrong clocks, lost answers and foreign origins are left out.

/** @typedef {{ accessToken: string, refreshToken: string, expiresAt: number }} Session */

/** @param {{ url: string, client: Record<string, string>, key?: string }} given */
export function createAuth({ url, client, key = "floor" }) {
  /** @type {Promise<void> | undefined} */
  let refreshing;
  /** @returns {Session} */
  const read = () => JSON.parse(localStorage.getItem(key) ?? "null");
  const post = async (/** @type {string} */ path, /** @type {Record<string, string>} */ form) => {
    const response = await fetch(url + path, { method: "POST", body: new URLSearchParams({ ...client, ...form }) });
    if (!response.ok) throw new Error(await response.text());
    return response;
  };
  const keep = async (/** @type {Response} */ response) => {
    const { access_token, refresh_token, expires_in } = await response.json();
    const expiresAt = Date.now() + expires_in * 1000;
    localStorage.setItem(key, JSON.stringify({ accessToken: access_token, refreshToken: refresh_token, expiresAt }));
  };
  const refresh = () =>
    (refreshing ??= post("/token", { grant_type: "refresh_token", refresh_token: read().refreshToken })
      .then(keep)
      .finally(() => (refreshing = undefined)));
  const accessToken = async () => {
    if (read().expiresAt < Date.now() + 60_000) await refresh();
    return read().accessToken;
  };
  return {
    accessToken,
    status: () => statusOf(read(), Date.now()),
    signin: (/** @type {string} */ username, /** @type {string} */ password) =>
      post("/token", { grant_type: "password", scope: "openid offline_access", username, password }).then(keep),
    async fetch(/** @type {string} */ input, /** @type {{ headers?: Record<string, string> }} */ init = {}) {
      const send = async () => fetch(input, { ...init, headers: { ...init.headers, Authorization: `Bearer ${await accessToken()}` } });
      const response = await send();
      if (response.status !== 401) return response;
      await refresh();
      return send();
    },
    async logout() {
      const { refreshToken } = read();
      localStorage.removeItem(key);
      await post("/token/revocation", { token: refreshToken });
    },
  };
}

/** @param {Session | null} session @param {number} now */
export function statusOf(session, now) {
  if (!session) return { signedIn: false, expiresAt: null, expiresInSeconds: null, hasRefreshToken: false };
  const { expiresAt, refreshToken } = session;
  return { signedIn: true, expiresAt, expiresInSeconds: (expiresAt - now) / 1000, hasRefreshToken: Boolean(refreshToken) };
}

// @ts-check
// Findings about the session itself: what it rests in, what keeps its tabs apart, its name, its tokens.

/**
 * @typedef {import("./facts.mjs").Facts} Facts
 * @typedef {Omit<import("./findings.mjs").Finding, "about">} Said
 */

const SECOND = 1000;
const DAY = 86_400 * SECOND;
/** A token that lives shorter is refreshed for nearly every call of a person. */
const SHORT_MS = 30 * SECOND;
/** Who says more has meant milliseconds, or another field. */
const ABSURD_MS = 366 * DAY;

/** @param {Facts} facts @returns {Said[]} */
export function session({ failure, options }) {
  const said = /** @type {Said[]} */ (failure ? [{ level: "fault", text: `The session can't be asked: ${failure}.` }] : []);
  if (options || failure) return said;
  return [{ level: "unknown", text: "The panel was given no options, so what was looked at is little.", write: "panel.options = options" }];
}

/** @param {Facts} facts @returns {Said[]} */
export function storage({ storage, options, isSecure }) {
  const wanted = options?.storage ?? (options?.isHostStore ? "host" : "local");
  if (options?.dpop && !isSecure)
    return [{ level: "fault", text: "DPoP needs https (or localhost): nobody can sign in.", write: "https://" }];
  if (wanted === "memory")
    return [{ level: "good", text: "The session rests in this page alone, as the options say: a reload signs out." }];
  if (wanted === "host") return [{ level: "unknown", text: "The session rests in the host's own store, which can't be tried from here." }];
  if (wanted === "vault" && !(isSecure && storage.hasDatabase)) {
    return [
      { level: "fault", text: "A vault needs https (or localhost) and IndexedDB.", write: isSecure ? 'storage: "memory"' : "https://" },
    ];
  }
  const kind = wanted === "session" ? "session" : "local";
  const found = storage[kind];
  if (found === "works") return [{ level: "good", text: `${kind}Storage can be written.` }];
  if (found === "full")
    return [{ level: "fault", text: `${kind}Storage is full: sign-in can't be kept.`, write: `${kind}Storage.clear()` }];
  return [
    {
      level: "fault",
      text: `The browser refuses ${kind}Storage here: the page is in a sandboxed frame, or the user blocks cookies. The session is lost at a reload. Give the frame its origin, or say that it is so.`,
      write: '<iframe sandbox="allow-scripts allow-forms allow-same-origin">\nstorage: "memory"',
    },
  ];
}

/** @param {Facts} facts @returns {Said[]} */
export function locks({ locks, isSecure, options, tabs }) {
  if (options?.crossTab === "off") {
    const isAlone = tabs < 2;
    const text = `crossTab is off${isAlone ? "" : `, and ${tabs} tabs have this session`}: tabs that refresh at once can spend one refresh token twice, and a strict server then ends the session.`;
    return [{ level: "warning", text, write: 'crossTab: "lock"' }];
  }
  if (locks === "works") return [{ level: "good", text: "Locks work: of several tabs one refreshes." }];
  if (!isSecure) {
    return [
      {
        level: "warning",
        text: "A page without https has no Web Locks: two tabs may refresh at once. Serve it from localhost or by https.",
        write: "https://",
      },
    ];
  }
  const why =
    locks === "none"
      ? "This browser has no Web Locks"
      : locks === "refused"
        ? "Web Locks are refused, as in a sandboxed frame"
        : "A Web Lock was not given within two seconds";
  return [{ level: "warning", text: `${why}: two tabs may refresh at once; the commit rule alone keeps them in agreement.` }];
}

/** @param {Facts} facts @returns {Said[]} */
export function names({ own, peers }) {
  const same = peers.filter(({ name }) => name === own.name);
  const write = `name: "${own.name}-2"`;
  const twice = same.find(({ isHere, auth }) => isHere && auth && own.auth && auth !== own.auth);
  if (twice) {
    return [
      {
        level: "fault",
        text: `Two copies of doorkey in this page have a session named "${own.name}". Load doorkey once, or give one of them another name.`,
        write,
      },
    ];
  }
  const isOther = (/** @type {{ servers: string[] }} */ { servers }) =>
    servers.length > 0 && own.servers.length > 0 && !servers.some((server) => own.servers.includes(server));
  const other = same.find(isOther);
  if (other) {
    const text = `${other.path}, a page of the same origin, has a session named "${own.name}" too, with ${other.servers.join(", ")}: each ends the other's. Give one of them another name.`;
    return [{ level: "fault", text, write }];
  }
  return [{ level: "good", text: `No other open panel has another session named "${own.name}".` }];
}

/** @param {Facts} facts @returns {Said[]} */
export function lifetime({ status, lifetimeMs, options }) {
  if (!status) return [];
  if (options?.hasNoTokens) return [{ level: "good", text: "The server keeps the session in a cookie: there is no token to expire." }];
  if (!status.signedIn) return [{ level: "unknown", text: "Nobody is signed in: sign in, and diagnose once more." }];
  const said = refreshable(status.hasRefreshToken, options);
  if (status.expiresAt === null) {
    return [
      ...said,
      {
        level: "warning",
        text: "The server tells no expiry where doorkey looks: nothing is refreshed before a call has failed. Say where it stands, or how often to refresh.",
        write: 'tokens: { expiresIn: "data.ttl" }\nrefresh: { everySeconds: 300 }',
      },
    ];
  }
  if (lifetimeMs === null) {
    return [
      ...said,
      { level: "unknown", text: "How long a token lives is seen when one arrives: sign in or refresh while the panel is open." },
    ];
  }
  const problem = timed(lifetimeMs);
  return [...said, problem ?? { level: "good", text: `Access tokens live for ${span(lifetimeMs)}.` }];
}

/** @param {number} ms @returns {Said | undefined} */
function timed(ms) {
  if (ms <= 0) {
    return {
      level: "fault",
      text: "The access token was past its time when it arrived: the field is another one, or has another unit.",
      write: 'tokens: { expiresIn: "expires_in" }',
    };
  }
  if (ms < SHORT_MS)
    return {
      level: "warning",
      text: `Access tokens live for ${span(ms)}: nearly every call waits for a refresh. Five minutes and more are usual; the server sets it.`,
    };
  if (ms > ABSURD_MS) {
    return {
      level: "warning",
      text: `Access tokens live for ${span(ms)}: seconds were taken for something else, or milliseconds for seconds. Say which field it is.`,
      write: 'tokens: { expiresIn: "expires_in" }',
    };
  }
  if (ms > DAY)
    return {
      level: "warning",
      text: `Access tokens live for ${span(ms)}: whoever gets one has it for that long. Minutes, with a refresh token, are usual; the server sets it.`,
    };
  return undefined;
}

/** @param {boolean} isHeld @param {Facts["options"]} options @returns {Said[]} */
function refreshable(isHeld, options) {
  if (!options) return [];
  if (isHeld && !options.hasRefresh) {
    return [
      {
        level: "warning",
        text: "There is a refresh token, and no flow that uses it: the session ends with its access token.",
        write: 'flows: { refresh: { url: "…", json: { refresh: "{{ session.refreshToken }}" } } }',
      },
    ];
  }
  if (!isHeld && options.needsRefreshToken) {
    return [
      {
        level: "warning",
        text: "The refresh flow names session.refreshToken, and the sign-in's answer has none where doorkey looks. Say where it stands, or ask the server for one.",
        write: 'tokens: { refreshToken: "data.refresh" }',
      },
    ];
  }
  return [];
}

/** @param {number} ms */
function span(ms) {
  const seconds = Math.round(ms / SECOND);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}

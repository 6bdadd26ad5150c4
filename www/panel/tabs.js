// @ts-check
// Which panels of this origin are open: each asks on arrival and on leaving, and every one that hears it answers. A channel reaches
// the other panels of the same page, too, which are no other tab.

/** @typedef {{ id: string, page: string, about?: any }} Peer */

/** Not `randomUUID`, which a page without TLS lacks; nobody is kept out by it. */
const fresh = () => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
const PAGE = fresh();

/**
 * @param {string} name of the channel
 * @param {() => void} onChange
 * @param {() => any} [about] what the others are told of this one; tabs are counted whose `name` in it is the same
 */
export function meetTabs(name, onChange, about = () => undefined) {
  const id = fresh();
  /** @type {BroadcastChannel | undefined} */
  let channel;
  /** @type {Map<string, Peer>} */
  let others = new Map();

  const say = (/** @type {string} */ type) => channel?.postMessage({ type, id, page: PAGE, about: about() });

  function recount() {
    others = new Map();
    say("who");
  }

  function join() {
    try {
      channel = new BroadcastChannel(name);
    } catch {
      return; // then there is nobody to be heard
    }
    channel.onmessage = ({ data }) => {
      if (data.type === "bye") others.delete(data.id);
      else others.set(data.id, { id: data.id, page: data.page, about: data.about });
      if (data.type === "who") say("here");
      onChange();
    };
    recount();
  }

  // Closed while the page is away: an open channel could keep it out of the back/forward cache.
  function leave() {
    say("bye");
    channel?.close();
    channel = undefined;
  }

  const ended = new AbortController();
  const { signal } = ended;
  addEventListener("pagehide", leave, { signal });
  addEventListener("pageshow", ({ persisted }) => persisted && join(), { signal });
  // A tab that crashed never said goodbye.
  addEventListener("visibilitychange", () => document.visibilityState === "visible" && recount(), { signal });
  join();
  return {
    /** The tabs, with this one. */
    count() {
      const own = about()?.name;
      const pages = [...others.values()].filter((peer) => peer.about?.name === own).map(({ page }) => page);
      return new Set([PAGE, ...pages]).size;
    },
    peers: () => [...others.values()].map((peer) => ({ ...peer, isHere: peer.page === PAGE })),
    recount,
    end() {
      ended.abort();
      leave();
    },
  };
}

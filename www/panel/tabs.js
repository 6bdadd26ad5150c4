// @ts-check
// How many tabs have the playground open: each asks on arrival and on leaving, and every tab that hears it answers.

/**
 * @param {() => void} onChange
 * @returns {() => number}
 */
export function countTabs(onChange) {
  const id = crypto.randomUUID();
  /** @type {BroadcastChannel | undefined} */
  let channel;
  let others = new Set();

  function recount() {
    others = new Set();
    channel?.postMessage({ type: "who", id });
  }

  function join() {
    channel = new BroadcastChannel("doorkey-playground-tabs");
    channel.onmessage = ({ data }) => {
      if (data.type === "bye") others.delete(data.id);
      else others.add(data.id);
      if (data.type === "who") channel?.postMessage({ type: "here", id });
      onChange();
    };
    recount();
  }

  // Closed while the page is away: an open channel could keep it out of the back/forward cache.
  addEventListener("pagehide", () => {
    channel?.postMessage({ type: "bye", id });
    channel?.close();
    channel = undefined;
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) join();
  });
  // A tab that crashed never said goodbye.
  addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") recount();
  });
  join();
  return () => others.size + 1;
}

export default {
  // Twenty requests in one turn: with a good token no refresh, with an old one exactly one.
  twentyCalls: () =>
    Try.report(async () => {
      const start = performance.now();
      const answers = await Promise.all(Array.from({ length: 20 }, () => Auth.session.fetch(`${settings.authUrl}/api/me`)));
      const good = answers.filter((answer) => answer.ok).length;
      return `${good} of 20 calls answered in ${Math.round(performance.now() - start)} ms`;
    }),

  refreshNow: () =>
    Try.report(async () => {
      const outcome = await Auth.session.refreshAccessToken({ force: true });
      if (!outcome.ok) return `Nothing was refreshed: ${outcome.reason}`;
      return outcome.refreshed ? "The server gave a new access token" : "Nothing was refreshed";
    }),

  // There is no way to make a token old but to wait: doorkey then renews it by itself, a little before its time.
  awaitRenewal: () =>
    Try.report(
      () =>
        new Promise((resolve) => {
          const endings = /** @type {const} */ (["refreshed", "failed", "expired", "signedOut"]).map((type) =>
            Auth.session.on(type, (event) => {
              for (const end of endings) end();
              resolve(
                event.type === "refreshed"
                  ? "Renewed without anybody asking"
                  : `It ended otherwise: ${event.type}${event.reason ? `, ${event.reason}` : ""}`,
              );
            }),
          );
        }),
      "Waiting for the early refresh; the panel counts down to the expiry",
    ),

  askServer: () => Try.report(async () => ((await Auth.session.check()) ? "The server says: signed in" : "The server says: not signed in")),

  openTab: () => navigateTo("Dashboard", {}, "NEW_WINDOW"),

  // Shows what an experiment gave, and how many refreshes it took.
  report: async (/** @type {() => Promise<string>} */ experiment, meanwhile = "") => {
    let refreshes = 0;
    const end = Auth.session.on("refreshed", () => {
      refreshes += 1;
    });
    Try.result = meanwhile;
    try {
      const outcome = await experiment();
      // Events come in a later task than the answers.
      await new Promise((resolve) => setTimeout(resolve, 50));
      Try.result = `${outcome}. Refreshes: ${refreshes}.`;
    } catch (thrown) {
      const error = /** @type {Error & { code?: string }} */ (thrown);
      Try.result = `${error.message} (${error.code ?? error.name})`;
    } finally {
      end();
    }
  },

  result: "",
};

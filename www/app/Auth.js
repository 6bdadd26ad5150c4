/** @import { AnyAuthError, Auth as Session } from "../../pkg-template/package/types/doorkey.js" */

/** How a user signs in: with a password here, or at the provider in this window or one of its own. @typedef {"password" | "redirect" | "popup"} Way */

export default {
  // Runs once, when the app opens, before any page. The page may be a window that comes back from the provider: it must know.
  onAppLoad: () => {
    Auth.session = Auth.by("popup");
    // What happened may have happened in another tab.
    Auth.session.on("signedIn", ({ reason }) => reason === "otherTab" && currentPage() === "LoginPage" && navigateTo("Dashboard"));
    Auth.session.on("signedOut", ({ reason }) => (reason === "otherTab" ? Auth.leave() : resetQueries()));
    Auth.session.on("expired", () => Auth.leave("Your session has ended. Please sign in again."));
  },

  // The one session of the app, whichever way its user signs in: the same name again changes what it is made with.
  by: (/** @type {Way} */ way) =>
    Doorkey.createAuth({
      host: { navigateTo, popup: Doorkey.hosts.browser().popup },
      pages: { home: "Dashboard", login: "LoginPage", returnTo: true },
      provider: Doorkey.providers.oidc({
        issuer: settings.authUrl,
        clientId: "playground",
        scope: "openid profile email offline_access",
        // This provider gives a refresh token only where the user was asked.
        params: { prompt: "consent" },
        mode: way === "popup" ? "popup" : "redirect",
      }),
      flows: {
        // Without the scope openid there is no ID token, and so nothing to end at the provider.
        ...(way === "password" && {
          signin: {
            url: `${settings.authUrl}/token`,
            form: {
              client_id: "playground",
              grant_type: "password",
              username: "{{ inputs.email }}",
              password: "{{ inputs.password }}",
              scope: "offline_access",
            },
          },
        }),
        check: { url: `${settings.authUrl}/api/me` },
      },
    }),

  // onClick of the "Sign in" button.
  signin: async () => {
    await Auth.signinBy("password", { email: inp_email.text, password: inp_password.text });
    if (Auth.signinError) inp_password.setFocus();
  },

  // onClick of the buttons for the provider. By redirect the page is left, and this is where it ends.
  signinBy: async (/** @type {Way} */ way, /** @type {Record<string, string> | undefined} */ inputs = undefined) => {
    Auth.signinError = null;
    Auth.waitsFor = way;
    try {
      await Auth.by(way).signin(inputs);
    } catch (error) {
      Auth.fail(error);
    } finally {
      if (Auth.waitsFor === way) Auth.waitsFor = "";
    }
  },

  // On page load, before anything that needs the session. A server that can't be reached now is no reason to keep the page shut.
  refreshAccessToken: () => Auth.session.refreshAccessToken().catch((error) => showAlert(error.message, "warning")),

  // onClick of the "Sign out" button. Where the user has signed in at the provider, it goes on there and comes back.
  logout: () => Auth.session.logout(),

  // On page load of LoginPage, which is also where the provider sends users back to: with a session, on to the Dashboard.
  openLogin: async () => {
    Auth.signinError = null;
    const isAnswer = ["code", "error"].some((name) => pageParams()[name] !== undefined);
    try {
      const outcome = await Auth.session.signinCallback();
      if (outcome.ok && outcome.navigated) return false;
      if (!outcome.ok && isAnswer && !Auth.session.status().signedIn) return navigateTo("LoginPage", { note: "used" });
    } catch (error) {
      Auth.fail(error);
    }
    return Auth.session.guard("login");
  },

  // On page load of every other page: without a session, off to LoginPage. Resolves whether the page may be shown.
  openProtected: async () => {
    const mayShow = await Auth.session.guard("protected");
    if (mayShow) await Auth.refreshAccessToken();
    return mayShow;
  },

  leave: (/** @type {string | undefined} */ reason = undefined) => {
    resetQueries();
    if (reason) showAlert(reason, "warning");
    return navigateTo("LoginPage");
  },

  // A sign-in that another one has overtaken is nobody's any more.
  fail: (/** @type {unknown} */ thrown) => {
    const error = /** @type {AnyAuthError} */ (thrown);
    if (error.code !== "ERR_SUPERSEDED") Auth.signinError = error;
  },

  // What LoginPage says that is no error: who changes their mind has done nothing wrong.
  note: () => {
    if (Auth.waitsFor === "popup") return "Go on in the provider’s window. If you have closed it, this page notices within some seconds.";
    if (Auth.waitsFor === "redirect") return "On the way to the provider …";
    if (Auth.signinError?.code === "ERR_CANCELLED") {
      return `Nobody was signed in: ${Auth.signinError.message}. You can try again, or sign in the other way.`;
    }
    if (Auth.signinError || pageParams().note !== "used") return "";
    return "The answer in that address was used before, is too old, or belongs to a sign-in that was begun elsewhere. Sign in from here.";
  },

  signinError: /** @type {AnyAuthError | null} */ (null),
  waitsFor: /** @type {Way | ""} */ (""),
  session: /** @type {Session} */ (/** @type {unknown} */ (null)), // from onAppLoad on
};

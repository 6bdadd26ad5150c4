/** @import { AnyAuthError, Auth as Session } from "../../pkg-template/package/types/doorkey.js" */

export default {
  // Runs once, when the app opens, before any page.
  onAppLoad: () => {
    const client = { client_id: "playground" };
    Auth.session = Doorkey.createAuth({
      host: { navigateTo },
      pages: { home: "Dashboard", login: "LoginPage" },
      flows: {
        signin: {
          url: `${settings.authUrl}/token`,
          form: {
            ...client,
            grant_type: "password",
            username: "{{ inputs.email }}",
            password: "{{ inputs.password }}",
            scope: "openid offline_access",
          },
        },
        refresh: {
          url: `${settings.authUrl}/token`,
          form: { ...client, grant_type: "refresh_token", refresh_token: "{{ session.refreshToken }}" },
        },
        revoke: {
          url: `${settings.authUrl}/token/revocation`,
          // The client is known by its id here; this server takes a bearer token for a wrong client secret.
          headers: { Authorization: "" },
          form: { ...client, token: "{{ session.refreshToken }}", token_type_hint: "refresh_token" },
        },
        check: { url: `${settings.authUrl}/api/me` },
      },
    });
    // What happened may have happened in another tab.
    Auth.session.on("signedIn", () => currentPage() === "LoginPage" && navigateTo("Dashboard"));
    Auth.session.on("signedOut", () => Auth.leave());
    Auth.session.on("expired", () => Auth.leave("Your session has ended. Please sign in again."));
  },

  // onClick of the "Sign in" button.
  signin: async () => {
    Auth.signinError = null;
    try {
      await Auth.session.signin({ email: inp_email.text, password: inp_password.text });
    } catch (error) {
      Auth.signinError = /** @type {AnyAuthError} */ (error);
      inp_password.setFocus();
    }
  },

  // On page load, before anything that needs the session. A server that can't be reached now is no reason to keep the page shut.
  refreshAccessToken: () => Auth.session.refreshAccessToken().catch((error) => showAlert(error.message, "warning")),

  // onClick of the "Sign out" button.
  logout: () => Auth.session.logout(),

  // On page load of LoginPage: with a session, on to the Dashboard.
  openLogin: () => {
    Auth.signinError = null;
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

  signinError: /** @type {AnyAuthError | null} */ (null),
  session: /** @type {Session} */ (/** @type {unknown} */ (null)), // from onAppLoad on
};

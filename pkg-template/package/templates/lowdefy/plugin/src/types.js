export default {
  actions: ["SessionGuard", "SessionLogout", "SessionRefresh", "SessionRequest", "SessionSignin", "SessionStore"],
};

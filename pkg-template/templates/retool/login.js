setupDoorkey({ localStorage, utils, queries: { sign_in, refreshAPI, revokeAPI, orders } });
// Run by the Login button. A refusal of the server is shown in its own words.
try {
  return await Doorkey.signin(email.value, password.value);
} catch (error) {
  utils.showNotification({ title: error.message, notificationType: "error" });
  return { ok: false, code: error.code };
}

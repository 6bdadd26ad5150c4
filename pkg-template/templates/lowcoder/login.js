setupDoorkey(Doorkey, { localStorage, utils, message, http: doorkey_http, answer: doorkey_answer, queries: { orders } });
// Run by the Login button. A refusal of the server is shown in its own words.
return Doorkey.signin(email.value, password.value).catch((error) => {
  message.error(error.message);
  return { ok: false, code: error.code };
});

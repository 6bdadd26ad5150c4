const Doorkey = setupDoorkey(window.Doorkey, { localStorage, utils, message, http: doorkey_http, answer: doorkey_answer, queries: { orders } });
// Run by the Login button. doorkey shows a refusal, in the words of the server.
return Doorkey.signin(email.value, password.value).catch((error) => ({ ok: false, code: error.code }));

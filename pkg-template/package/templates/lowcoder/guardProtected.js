const Doorkey = setupDoorkey(window.Doorkey, { localStorage, utils, message, http: doorkey_http, answer: doorkey_answer, queries: { orders } });
// Run when the page loads, in every app that needs a session: true, or away to the login app.
return Doorkey.guard("protected");

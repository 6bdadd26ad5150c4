const Doorkey = setupDoorkey(window.Doorkey, { localStorage, utils, message, http: doorkey_http, answer: doorkey_answer, queries: { orders } });
// Run when the page loads, in the login app: who is signed in goes on.
return Doorkey.guard("login");

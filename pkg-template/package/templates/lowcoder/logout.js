const Doorkey = setupDoorkey(window.Doorkey, { localStorage, utils, message, http: doorkey_http, answer: doorkey_answer, queries: { orders } });
return Doorkey.logout();

const Doorkey = setupDoorkey(window.Doorkey, { localStorage, utils, message, http: doorkey_http, answer: doorkey_answer, queries: { orders } });
// An example of a protected query. Its header Authorization is `Bearer {{localStorage.values.accesstoken}}`.
return Doorkey.guard("protected").then((mayShow) => (mayShow ? Doorkey.run("orders") : { orders: [] }));

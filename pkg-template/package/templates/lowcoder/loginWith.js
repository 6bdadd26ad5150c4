const Doorkey = setupDoorkey(window.Doorkey, { localStorage, utils, url, message, http: doorkey_http, get: doorkey_get, queries: { orders } });
// Run by the button "Sign in with …". It leaves for the provider; guardLogin goes on when the app comes up again.
return Doorkey.signin().catch((error) => ({ ok: false, code: error.code }));

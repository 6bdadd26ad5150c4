setupDoorkey({ localStorage, utils, url, http: doorkey_http, queries: { orders } });
// Run by the button "Sign in with …". It leaves for the provider; guardLogin goes on when the page comes up again.
return Doorkey.signin().catch((error) => ({ ok: false, code: error.code }));

setupDoorkey({ localStorage, utils, queries: { sign_in, refreshAPI, revokeAPI, orders } });
// Run by the Login button. doorkey shows a refusal, in the words of the server.
return Doorkey.signin(email.value, password.value).catch((error) => ({ ok: false, code: error.code }));

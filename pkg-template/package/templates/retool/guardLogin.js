setupDoorkey({ localStorage, utils, queries: { sign_in, refreshAPI, revokeAPI, orders } });
// Run on page load of the login page: who is signed in goes on.
return await Doorkey.guard("login");

setupDoorkey({ localStorage, utils, queries: { sign_in, refreshAPI, revokeAPI, orders } });
// Run on page load, on every page that needs a session: true, or away to the login page.
return await Doorkey.guard("protected");

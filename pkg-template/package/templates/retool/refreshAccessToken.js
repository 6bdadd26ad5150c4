setupDoorkey({ localStorage, utils, queries: { sign_in, refreshAPI, revokeAPI, orders } });
return await Doorkey.refreshAccessToken();

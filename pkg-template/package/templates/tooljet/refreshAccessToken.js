setupDoorkey({ actions, queries });
return await Doorkey.refreshAccessToken();

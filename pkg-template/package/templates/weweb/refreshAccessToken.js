// Before a workflow of your own that uses the variable accesstoken.
return await Doorkey.refreshAccessToken();

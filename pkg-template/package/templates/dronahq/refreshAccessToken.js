// JS code before a control or an action of your own that uses the token.
output = await Doorkey.refreshAccessToken();
return output;

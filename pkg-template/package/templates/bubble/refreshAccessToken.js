// Run javascript, before a plugin of your own needs the token.
auth.refreshAccessToken();

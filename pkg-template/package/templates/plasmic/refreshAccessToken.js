// Run code before an interaction of your own that needs a good token.
$$.auth.refreshAccessToken()

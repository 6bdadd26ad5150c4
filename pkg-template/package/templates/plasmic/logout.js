// The Sign out button > On click > Run code.
$$.auth.logout()

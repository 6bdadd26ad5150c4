// The login page > On load > Run code: who is signed in goes on.
$$.auth.guard("login")

// Every page that needs a session > On load > Run code: true, or away to the login page.
$$.auth.guard("protected")

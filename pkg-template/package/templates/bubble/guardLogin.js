// Run javascript, Page is loaded, on the login page: who is signed in goes on.
auth.guard("login");

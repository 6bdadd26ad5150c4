// Run On Page Load of the login page, after setup: who is signed in goes on.
return await Doorkey.guard("login");

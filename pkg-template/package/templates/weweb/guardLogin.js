// The login page > On page load > Custom JavaScript: who is signed in goes on.
return await Doorkey.guard("login");

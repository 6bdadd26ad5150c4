// Run on page load of the login page: who is signed in goes on.
setupDoorkey({ actions, queries });
return await Doorkey.guard("login");

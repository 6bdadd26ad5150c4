// Run on page load of every page that needs a session: true, or away to the login page.
setupDoorkey({ actions, queries });
return await Doorkey.guard("protected");

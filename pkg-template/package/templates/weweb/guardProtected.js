// Every page that needs a session > On page load > Custom JavaScript: true, or away to the login page.
return await Doorkey.guard("protected");

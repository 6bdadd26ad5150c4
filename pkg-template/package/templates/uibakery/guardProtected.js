// Run On Page Load of every page that needs a session: true, or away to the login page.
return await Doorkey.guard("protected");

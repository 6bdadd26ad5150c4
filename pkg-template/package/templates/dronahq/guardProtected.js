// JS code on open of every screen that needs a session: true, or away to the login screen.
output = await Doorkey.guard("protected");
return output;

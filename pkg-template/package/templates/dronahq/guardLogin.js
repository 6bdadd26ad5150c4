// JS code on open of the login screen, after setup: who is signed in goes on.
output = await Doorkey.guard("login");
return output;

// JS code of the Sign out button. (UTILITY.LOGOUT() would sign out of DronaHQ.)
output = await Doorkey.logout();
return output;

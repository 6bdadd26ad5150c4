// The action "logout", run by the Sign out button.
return await Doorkey.logout();

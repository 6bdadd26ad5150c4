// The Sign out button > On click > Custom JavaScript.
return await Doorkey.logout();

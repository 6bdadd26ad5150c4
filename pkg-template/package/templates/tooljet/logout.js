// Run by the Sign out button. (actions.logout() would sign out of ToolJet.)
setupDoorkey({ actions, queries });
return await Doorkey.logout();

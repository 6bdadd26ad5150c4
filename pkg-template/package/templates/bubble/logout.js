// Run javascript, by the Sign out button's workflow.
auth.logout();

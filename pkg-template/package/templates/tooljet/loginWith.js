// Run by the button "Sign in with …". It leaves for the provider; guardLogin goes on when the page comes up again.
setupDoorkey({ actions, queries });
return await Doorkey.signin().catch((error) => ({ ok: false, code: error.code }));

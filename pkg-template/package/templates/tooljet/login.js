// Run by the Login button. doorkey shows a refusal, in the words of the server.
setupDoorkey({ actions, queries });
return await Doorkey.signin(components.email.value, components.password.value).catch((error) => ({ ok: false, code: error.code }));

// Run by the Login button. A refusal of the server is shown in its own words.
setupDoorkey({ actions, queries });
try {
  return await Doorkey.signin(components.email.value, components.password.value);
} catch (error) {
  await actions.showAlert("error", error.message);
  return { ok: false, code: error.code };
}

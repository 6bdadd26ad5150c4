// The action "login", run by the Login button. A refusal of the server is shown by a text bound to {{state.signinError}}.
const inputs = { email: {{ui.email.value}}, password: {{ui.password.value}} };
try {
  return await Doorkey.signin(inputs);
} catch (error) {
  await state.setValue("signinError", error.message);
  return { ok: false, code: error.code };
}

// The Login button > On click > Run code; a text shows $state.signinError.
(async () => {
  try {
    return await $$.auth.signin({ email: $state.email.value, password: $state.password.value });
  } catch (error) {
    $state.signinError = error.message;
    return { ok: false, code: error.code };
  }
})()

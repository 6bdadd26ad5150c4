// A frontend script, run by the Login button; a text shows state.signinError.
const Doorkey = await import("https://cdn.jsdelivr.net/npm/doorkey@<version>/dist/doorkey.mjs");
try {
  return await Doorkey.signin({ email: email.result, password: password.result });
} catch (error) {
  state.signinError = error.message;
  return { ok: false, code: error.code };
}

// The button "Sign in with …" > On click > Custom JavaScript. It leaves for the provider; guardLogin.js goes on when the page
// comes up again. In place of "id-of-signinerror": a text variable, which a Text of the page shows.
try {
  return await Doorkey.signin();
} catch (error) {
  wwLib.wwVariable.updateValue("id-of-signinerror", error.message);
  return { ok: false, code: error.code };
}

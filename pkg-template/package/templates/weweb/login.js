// The Login button > On click > Custom JavaScript. In place of "email" and "password": the ids of your two inputs;
// in place of "id-of-signinerror": a text variable, which a Text of the page shows.
const inputs = { email: variables["email-value"], password: variables["password-value"] };
try {
  return await Doorkey.signin(inputs);
} catch (error) {
  wwLib.wwVariable.updateValue("id-of-signinerror", error.message);
  return { ok: false, code: error.code };
}

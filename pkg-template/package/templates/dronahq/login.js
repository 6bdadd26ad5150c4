// JS code of the Login button, with two inputs: email and password. Show output.error in a text control.
try {
  output = await Doorkey.signin({ email, password });
} catch (error) {
  output = { ok: false, code: error.code, error: error.message };
}
return output;

// Run javascript, by the Login button's workflow; param1 is the email input's value, param2 the password's.
// bubble_fn_signinerror is a "Javascript to Bubble" element whose value a text shows.
auth.signin({ email: properties.param1, password: properties.param2 }).catch(function (error) {
  bubble_fn_signinerror(error.message);
  return { ok: false, code: error.code };
});

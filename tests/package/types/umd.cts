// The UMD form, required by CommonJS, and as the global of a script.
import doorkey = require("doorkey/umd");

const auth: doorkey.Auth = doorkey.createAuth({ name: "shop" });
const code: doorkey.AuthErrorCode = "ERR_HOST";
// @ts-expect-error it has no init
doorkey.init();
export { auth, code };

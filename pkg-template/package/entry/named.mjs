// The public object's members as the named exports of the ES module forms.
import { doorkey } from "../facade.mjs";

export const {
  createAuth,
  configure,
  signin,
  signinCallback,
  refreshAccessToken,
  logout,
  storeValue,
  getValue,
  removeValue,
  clearStore,
  accessToken,
  headers,
  run,
  check,
  guard,
  status,
  claims,
  values,
  on,
  AuthError,
  isAuthError,
  ready,
  version,
} = doorkey;

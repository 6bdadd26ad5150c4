// The same task with doorkey.
import { createAuth, init } from "doorkey/slim";

/** @param {import("./app.d.ts").Given} given @returns {Promise<import("./app.d.ts").App>} */
export async function start({ issuer, client, password, wasm }) {
  await init(wasm);
  const token = `${issuer}/token`;
  const form = { client_id: client };
  const auth = createAuth({
    flows: {
      signin: {
        url: token,
        form: {
          ...form,
          grant_type: "password",
          scope: "openid offline_access",
          username: "{{ inputs.email }}",
          password: "{{ inputs.password }}",
        },
      },
      refresh: { url: token, form: { ...form, grant_type: "refresh_token", refresh_token: "{{ session.refreshToken }}" } },
      revoke: { url: `${issuer}/revoke`, headers: { Authorization: "" }, form: { ...form, token: "{{ session.refreshToken }}" } },
    },
    attach: { origins: [new URL(issuer).origin] },
  });
  return {
    signin: () => auth.signin(password),
    token: () => auth.accessToken(),
    signout: () => auth.logout(),
    fetch: (url) => auth.fetch(url),
  };
}

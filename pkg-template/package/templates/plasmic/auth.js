// In the host app, beside your pages: "doorkey" stands in its package.json. Names your server and pages.
import { configure, hosts } from "doorkey";

let push;
/** Call it from a layout's effect with the router's function: `useRouter().push`. Without it pages are loaded anew. */
export const setPush = (given) => (push = given);

export const auth = configure({
  host: hosts.plasmic({ push: (path) => (push ? push(path) : location.assign(path)) }),
  flows: {
    signin: {
      url: "https://example.api.co/auth/v1/token?grant_type=password",
      json: { email: "{{ inputs.email }}", password: "{{ inputs.password }}" },
    },
    refresh: {
      url: "https://example.api.co/auth/v1/token?grant_type=refresh_token",
      json: { refresh_token: "{{ session.refreshToken }}" },
    },
    revoke: { url: "https://example.api.co/auth/v1/logout", json: { refresh_token: "{{ session.refreshToken }}" } },
  },
  pages: { home: "/dashboard", login: "/loginpage" },
});

/** An example of protected data: no page without a session, and no request without a good token. */
export async function loadOrders() {
  if (!(await auth.guard("protected"))) return { orders: [] };
  const response = await auth.fetch("https://example.api.co/api/orders");
  if (!response.ok) throw new Error(`The server answered ${response.status}`);
  return response.json();
}

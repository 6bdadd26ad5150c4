// The same task with @supabase/auth-js.
import { AuthClient } from "@supabase/auth-js";

/** @param {import("./app.d.ts").Given} given @returns {Promise<import("./app.d.ts").App>} */
export async function start({ issuer, password }) {
  const auth = new AuthClient({ url: issuer, autoRefreshToken: true, persistSession: true });
  const good = (/** @type {{ data: any, error: unknown }} */ { data, error }) => {
    if (error) throw error;
    return data;
  };
  return {
    signin: async () => good(await auth.signInWithPassword(password)),
    token: async () => good(await auth.getSession()).session?.access_token,
    signout: async () => void (await auth.signOut({ scope: "local" })),
  };
}

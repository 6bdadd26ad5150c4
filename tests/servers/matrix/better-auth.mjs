// @ts-check
/** better-auth in memory, with its plug-in for sessions by token. */
import { createServer } from "node:http";

import { ACCESS_TTL, EMAIL, listening, loadModule, PASSWORD, PUBLIC_URL } from "../child.mjs";

const { betterAuth } = await loadModule("better-auth");
const { memoryAdapter } = await loadModule("better-auth/adapters/memory");
const { toNodeHandler } = await loadModule("better-auth/node");
const { bearer } = await loadModule("better-auth/plugins");

const auth = betterAuth({
  baseURL: PUBLIC_URL,
  secret: "test servers keep no secrets, and this is long enough",
  database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
  emailAndPassword: { enabled: true },
  session: { expiresIn: ACCESS_TTL },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  trustedOrigins: ["*"],
  plugins: [bearer()],
});
await auth.api.signUpEmail({ body: { email: EMAIL, password: PASSWORD, name: "Ada" } });
listening(createServer(toNodeHandler(auth)).listen(0, "127.0.0.1"));

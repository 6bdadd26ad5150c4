// What a user writes, and what a user must be told is wrong. Compiled against the packed types, never run.
import {
  type AnyAuthError,
  type Auth,
  AuthError,
  type AuthErrorCode,
  type AuthEvent,
  type Claims,
  configure,
  createAuth,
  type Flow,
  type Form,
  getValue,
  type Host,
  hosts,
  isAuthError,
  type Options,
  on,
  providers,
  ready,
  type Status,
  signin,
  status,
  storeValue,
  version,
} from "doorkey";
import { retool } from "doorkey/hosts";
import { oidc } from "doorkey/providers";
import init, { type InitInput, init as named, status as slimStatus } from "doorkey/slim";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <T extends true>(): T => true as T;

// --- Opening a session

const sign_in = { run: async (params?: object) => ({ params }), clear: async () => undefined };
const auth = createAuth({
  name: "shop",
  host: hosts.appsmith(),
  flows: {
    signin: (inputs) => sign_in.run(inputs),
    refresh: sign_in,
    revoke: { url: "https://api.example.com/revoke", form: { token: "{{ session.refreshToken }}" } },
    check: [
      { define: { REGION: "{{ inputs.region ?? 'eu' }}" } },
      { when: "{{ REGION == 'eu' }}", id: "me", request: { url: "https://api.example.com/me" } },
      { query: "getUser", params: { id: 1 } },
      { query: { trigger: () => undefined } },
      { script: (scope) => scope["me"].body.ok && scope.session.accessToken },
    ],
  },
  tokens: { accessToken: "data.token", refreshExpiresIn: "data.ttl" },
  pages: { home: "Dashboard", login: "LoginPage", returnTo: true },
  storage: "host",
  remember: "{{ inputs.remember }}",
  restore: true,
  warnSeconds: 120,
  expose: { accessToken: "accesstoken" },
  keep: ["user"],
  attach: {
    origins: ["https://api.example.com"],
    headers: { "X-Key": "{{ session.accessToken }}" },
    csrf: { cookie: "csrftoken", header: "X-CSRFToken" },
  },
  refresh: {
    beforeExpirySeconds: 30,
    status: [401, 419],
    everySeconds: "{{ store.interval }}",
    everyQuery: false,
    when: "{{ response.body.errors[0].code == 7 }}",
  },
  crossTab: "lock",
  timeoutSeconds: 10,
});
holds<Equal<typeof auth, Auth>>();
configure({});
configure({ host: hosts.lowdefy({ methods: { link: () => undefined }, globals: { window: globalThis } }) });
configure({ provider: providers.simplejwt({ url: "https://api.example.com" }), refresh: { status: "non-2xx" }, tokens: false });

// @ts-expect-error an option is misspelt
createAuth({ stroage: "memory" });
// @ts-expect-error an option of an option is misspelt
createAuth({ pages: { homePage: "x" } });
// @ts-expect-error there is no such storage
createAuth({ storage: "cookie" });
// @ts-expect-error seconds are a number
createAuth({ timeoutSeconds: "10" });
// @ts-expect-error there is no such flow
createAuth({ flows: { signup: () => 1 } });
// @ts-expect-error a flow is not a string
createAuth({ flows: { signin: "sign_in" } });
// @ts-expect-error an endpoint has a url
createAuth({ flows: { signin: { method: "POST" } } });
// @ts-expect-error there is no such step
createAuth({ flows: { signin: [{ http: { url: "x" } }] } });
createAuth({
  flows: {
    signin: [
      { form: {} },
      {
        form: {
          title: "Code",
          fields: [
            { name: "otp", type: "one-time-code", required: true },
            { name: "team", type: "select", options: ["a", { value: "b", label: "B" }] },
          ],
        },
        timeoutSeconds: 300,
      },
      { define: { PIN: "{{ form2.otp }}", TEAM: "{{ form2.team }}" }, secret: ["PIN"] },
    ],
  },
});
// @ts-expect-error there is no such type of field
createAuth({ flows: { signin: [{ form: { fields: [{ name: "day", type: "date" }] } }] } });
// @ts-expect-error templates of headers are texts
createAuth({ attach: { headers: { "X-Key": 1 } } });
// @ts-expect-error a provider has no provider
createAuth({ provider: { provider: {} } });
// @ts-expect-error a URL is needed
providers.simplejwt({});
configure({ provider: providers.supabase({ url: "https://x.supabase.co", key: "k", provider: "google", params: { prompt: "consent" } }) });
configure({ provider: providers.cognito({ region: "eu-west-1", clientId: "c" }) });
configure({ provider: providers.cognito({ domain: "shop", region: "eu-west-1", poolId: "p", clientId: "c", mode: "popup" }) });
// @ts-expect-error an API of Entra's has a scope
providers.entra({ tenant: "common", clientId: "c" });
// @ts-expect-error there is no such option
providers.okta({ domain: "x.okta.com", clientId: "c", clientSecret: "s" });
// @ts-expect-error options are needed
createAuth();

const [wwLib, sdk, UTILITY, push] = [{}, {}, {}, async (path: string) => path.length > 0];
export const others: Host[] = [
  hosts.budibase(sdk),
  hosts.dronahq(UTILITY),
  hosts.lowcoder({ localStorage: {}, utils: {}, message: {}, http: sign_in, answer: sign_in, queries: { sign_in } }),
  hosts.nocobase({ request: async () => ({}) }),
  hosts.plasmic({ push }),
  hosts.plasmic(),
  hosts.retool({ localStorage: {}, utils: {}, queries: { orders: { trigger: () => undefined } } }),
  hosts.tooljet({ actions: {}, queries: {} }),
  hosts.uibakery({ state: {}, actions: { goto: { trigger: async () => undefined }, orders: sign_in } }),
  hosts.weweb(wwLib),
  hosts.weweb(wwLib, { doorkey: "3c1…", accesstoken: "9f0…" }),
  hosts.windmill({ state: {}, goto: (url, newTab) => void [url, newTab] }),
  hosts.windmill(),
];
// @ts-expect-error the ids of variables are texts
hosts.weweb(wwLib, { doorkey: 7 });
// @ts-expect-error Retool's store is needed
hosts.retool({ utils: {} });
// @ts-expect-error actions are objects with a trigger
hosts.uibakery({ actions: { orders: () => 1 } });

const flow: Flow = async (_inputs, scope) => scope.inputs["email"];
const host: Host = {
  navigateTo: (target, params, how) => void [target.length, params, how === "NEW_WINDOW"],
  store: { get: (key) => key, set: async (key, value, persist) => void [key, value, persist], remove: () => undefined },
  prompt: Object.assign(async ({ fields, error }: Form) => (fields.length > 0 && !error ? { [fields[0]!.name]: "x" } : null), {
    asksAgain: true,
    done: () => {},
  }),
};
const options: Options = { host, flows: { signin: flow } };
createAuth(options);
// What a builder calls its queries may have no narrower type, and a store may have a way to clear it.
// biome-ignore lint/complexity/noBannedTypes: as it says
declare const queries: { orders: { run: Function }; renew: { trigger: Function } };
createAuth({ host: { store: { ...host.store!, clear: async () => {} } }, flows: { signin: queries.orders, refresh: queries.renew } });
createAuth({ flows: { signin: { run: (inputs) => inputs.email }, refresh: [{ query: { trigger: (params) => params } }] } });
// @ts-expect-error run is a function
createAuth({ flows: { signin: { run: "orders" } } });
// @ts-expect-error navigateTo is a function
const broken: Host = { navigateTo: "Dashboard" };

auth.on("expiring", async ({ reason }) => reason === "idle" && (await auth.extend()).ok);

// --- Calls

export async function calls(event: MouseEvent): Promise<void> {
  const { ok, expiresAt, navigated } = await signin({ email: "a@b.c", password: "secret" });
  holds<Equal<typeof ok, true>>();
  holds<Equal<typeof expiresAt, number | null>>();
  holds<Equal<typeof navigated, boolean>>();
  await auth.signin();
  await auth.signin(event);
  await auth.signin("a@b.c", "secret");
  // @ts-expect-error a password is missing
  await auth.signin("a@b.c");

  const refreshed = await auth.refreshAccessToken({ force: true });
  if (refreshed.ok) holds<Equal<typeof refreshed.refreshed, boolean>>();
  else holds<Equal<typeof refreshed.reason, "signed-out" | "not-refreshable">>();
  // @ts-expect-error there is no such option
  await auth.refreshAccessToken({ forced: true });

  await auth.logout({ keep: ["theme"], navigate: false });
  await auth.logout({ keep: true });
  // @ts-expect-error keys are texts
  await auth.logout({ keep: [1] });

  const response: Response = await auth.fetch("https://api.example.com/me", { method: "GET" });
  const rows = await auth.run<{ id: number }[]>("getRows", { page: 1 });
  void [response.ok, rows[0]?.id, (await auth.headers())["Authorization"], await auth.accessToken({ minSeconds: 10 })];
  const shown: boolean = await auth.guard("protected");
  // @ts-expect-error there is no such guard
  await auth.guard("public");
  void [shown, await auth.check()];

  const tested = await auth.test("signin", { email: "a@b.c" }, { secrets: true });
  await auth.test({ url: "https://api.example.com/login" });
  void tested.steps.map(({ id, kind, ms, status, scope, error }) => [id, kind === "request", ms, status, scope, error?.code]);
  void auth.trace().map(({ at, kind, flow }) => [at, kind === "note", flow?.toUpperCase()]);
  void auth.test("signin").then(({ steps }) => steps.map(({ flow, at }) => [flow === "signin", at.toFixed()]));
}

export function handlers(button: HTMLButtonElement, form: HTMLFormElement): void {
  button.onclick = auth.logout.bind(undefined, {});
  button.onclick = () => auth.signin();
  form.onsubmit = auth.signin;
  void ready.then(() => version.length);
}

// --- Synchronous calls

const now: Status = status();
holds<Equal<typeof now.expiresInSeconds, number | null>>();
status({ any: "store" });
const claims: Claims = auth.claims("a.b.c");
holds<Equal<typeof claims.exp, number | undefined>>();
holds<Equal<ReturnType<typeof auth.claims<{ role: string }>>, { role: string }>>();
// @ts-expect-error a token is a text
auth.claims(7);

// --- Values

interface Settings {
  theme: "dark" | "light";
  zoom?: number;
}
declare const settings: Settings;
void storeValue("settings", settings);
void storeValue("list", [1, "two", null, { three: true }] as const, false);
holds<Equal<ReturnType<typeof getValue<Settings>>, Settings | undefined>>();
// @ts-expect-error a key is a text
void storeValue(1, 2);
// @ts-expect-error a function is no JSON
void storeValue("f", () => 1);
// @ts-expect-error a BigInt is no JSON
void storeValue("n", { deep: [1n] });
// @ts-expect-error undefined is no JSON
void storeValue("u", undefined);
// @ts-expect-error a Date has functions
void storeValue("d", new Date());

// --- Events

const end: () => void = on("expired", (event: AuthEvent) => void [event.at, event.reason]);
end();
auth.watch("theme", (value) => void value);
// @ts-expect-error there is no such event
on("login", () => {});

// --- Errors

export function explain(error: unknown): string {
  if (!isAuthError(error)) return "a stranger's";
  holds<Equal<typeof error.code, AuthErrorCode>>();
  switch (error.code) {
    case "ERR_INVALID_OPTION":
      return error.path.toUpperCase();
    case "ERR_UNREACHABLE":
      holds<Equal<typeof error.retryable, true>>();
      return new Date(error.retryAtMs ?? 0).toISOString();
    case "ERR_TEMPLATE":
      // @ts-expect-error one that can't be evaluated when a flow runs has a step, and no path
      return error.path.toUpperCase();
    case "ERR_INVALID_CREDENTIALS":
      // @ts-expect-error the status is not always known
      return error.status.toFixed();
    // @ts-expect-error there is no such code
    case "ERR_UNKNOWN":
      return "";
    default:
      return error.message;
  }
}
const made: AuthError = new AuthError("ERR_HOST", "no", { status: 500, cause: new Error("x") });
const any: AnyAuthError | undefined = isAuthError(made) ? made : undefined;
// @ts-expect-error there is no such code
new AuthError("HOST", "no");

// --- Slim

export async function slim(module: WebAssembly.Module): Promise<void> {
  await init();
  await named(new URL("https://cdn.example.com/doorkey.wasm"));
  await init(fetch("https://cdn.example.com/doorkey.wasm"));
  await init(module);
  await init(new Uint8Array(8));
  // @ts-expect-error nothing is no module
  await init(null);
  const input: InitInput = "doorkey.wasm";
  void [input, slimStatus()];
}
void [broken, any];

// --- For bundlers that keep a namespace whole

createAuth({ host: retool({ localStorage: {}, utils: {} }), provider: oidc({ issuer: "https://id.example", clientId: "shop" }) });
// @ts-expect-error the public client is missing
oidc({ issuer: "https://id.example" });

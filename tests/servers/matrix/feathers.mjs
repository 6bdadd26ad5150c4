// @ts-check
/** Feathers on Koa, its users in memory: a token that renews itself while it is good. */
import { ACCESS_TTL, EMAIL, listening, load, PASSWORD } from "../child.mjs";

const { feathers } = load("@feathersjs/feathers");
const { bodyParser, errorHandler, koa, parseAuthentication, rest, cors } = load("@feathersjs/koa");
const { AuthenticationService, JWTStrategy, authenticate } = load("@feathersjs/authentication");
const { LocalStrategy, hooks } = load("@feathersjs/authentication-local");
const { memory } = load("@feathersjs/memory");

const app = koa(feathers());
app.set("authentication", {
  secret: "test servers keep no secrets",
  entity: "user",
  service: "users",
  authStrategies: ["jwt", "local"],
  jwtOptions: { header: { typ: "access" }, audience: "http://127.0.0.1", algorithm: "HS256", expiresIn: `${ACCESS_TTL}s` },
  local: { usernameField: "email", passwordField: "password" },
});
app.use(cors()).use(errorHandler()).use(parseAuthentication()).use(bodyParser()).configure(rest());
app.use("users", memory());
app.service("users").hooks({
  around: { find: [authenticate("jwt")], get: [authenticate("jwt")] },
  before: { create: [hooks.hashPassword("password")] },
});

const authentication = new AuthenticationService(app);
authentication.register("jwt", new JWTStrategy());
authentication.register("local", new LocalStrategy());
app.use("authentication", authentication);

await app.service("users").create({ email: EMAIL, password: PASSWORD });
listening(await app.listen(0, "127.0.0.1"));

// @ts-check
/** json-server with json-server-auth: a token for an hour, and its errors are bare JSON texts. */
import { EMAIL, listening, load, PASSWORD } from "../child.mjs";

const jsonServer = load("json-server");
const auth = load("json-server-auth");
const { hashSync } = load("bcryptjs");

const app = jsonServer.create();
const router = jsonServer.router({ users: [{ id: 1, email: EMAIL, password: hashSync(PASSWORD, 4) }], notes: [] });
app.db = router.db;
app.use(jsonServer.defaults({ logger: false }), jsonServer.bodyParser, auth.rewriter({ users: 600 }), auth, router);
listening(app.listen(0, "127.0.0.1"));

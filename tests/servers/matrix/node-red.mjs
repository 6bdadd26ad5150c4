// @ts-check
/** Node-RED's editor and its API, behind a name and a password. */
import { createServer } from "node:http";

import { ACCESS_TTL, DATA_DIR, EMAIL, listening, load, PASSWORD } from "../child.mjs";

const express = load("express");
const red = load("node-red");
const { hashSync } = load("bcryptjs");

const app = express();
const server = createServer(app);
red.init(server, {
  userDir: DATA_DIR,
  httpAdminRoot: "/",
  httpNodeRoot: "/api",
  logging: { console: { level: "off", metrics: false, audit: false } },
  adminAuth: {
    type: "credentials",
    sessionExpiryTime: ACCESS_TTL,
    users: [{ username: EMAIL, password: hashSync(PASSWORD, 4), permissions: "*" }],
  },
  editorTheme: { tours: false },
  httpAdminCors: { origin: "*" },
});
app.use("/", red.httpAdmin);
await red.start();
server.listen(0, "127.0.0.1");
listening(server);

// @ts-check
/** Laravel's session and its protection against forged requests, on PHP's own server. */
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";

import { answering, freePort, ready } from "../child.mjs";

const APP = fileURLToPath(new URL("laravel.php", import.meta.url));
const env = { ...process.env, APP_KEY: randomBytes(32).toString("base64") };
execFileSync("php", [APP], { env });
const address = `127.0.0.1:${await freePort()}`;
// It tells of each request on its standard error; what goes wrong is in what it answers.
const child = spawn("php", ["-S", address, APP], { env, stdio: "ignore" });
const end = () => void child.kill("SIGKILL");
process.once("exit", end);
child.once("exit", () => process.exit(1));
await answering(`http://${address}/sanctum/csrf-cookie`);
ready(`http://${address}`, end);

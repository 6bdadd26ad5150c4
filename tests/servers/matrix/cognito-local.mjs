// @ts-check
/** cognito-local, which speaks as AWS Cognito does, with one pool and one public client in it. */
import { chdir } from "node:process";

import { ACCESS_TTL, answering, DATA_DIR, EMAIL, freePort, load, PASSWORD, ready } from "../child.mjs";

chdir(DATA_DIR);
const port = await freePort();
Object.assign(process.env, { HOST: "127.0.0.1", PORT: String(port), AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE: "1" });
const { stdout } = process;
const write = stdout.write.bind(stdout);
/** @type {any} */ (stdout).write = () => true; // its log
load("cognito-local/lib/bin/start.js");

const url = `http://127.0.0.1:${port}`;
await answering(`${url}/health`);

/** @param {string} action @param {object} input */
async function call(action, input) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "X-Amz-Target": `AWSCognitoIdentityProviderService.${action}`, "Content-Type": "application/x-amz-json-1.1" },
    body: JSON.stringify(input),
  });
  if (!answer.ok) throw new Error(`${action}: ${await answer.text()}`);
  return answer.json();
}

const { UserPool } = await call("CreateUserPool", { PoolName: "tests", UsernameAttributes: ["email"] });
const { UserPoolClient } = await call("CreateUserPoolClient", {
  UserPoolId: UserPool.Id,
  ClientName: "app",
  ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
  AccessTokenValidity: ACCESS_TTL,
  IdTokenValidity: ACCESS_TTL,
  TokenValidityUnits: { AccessToken: "seconds", IdToken: "seconds", RefreshToken: "days" },
});
const user = { UserPoolId: UserPool.Id, Username: EMAIL };
await call("AdminCreateUser", { ...user, MessageAction: "SUPPRESS", UserAttributes: [{ Name: "email", Value: EMAIL }] });
await call("AdminSetUserPassword", { ...user, Password: PASSWORD, Permanent: true });
/** @type {any} */ (stdout).write = write;
// The client's id is part of what an app is told.
ready(`${url}#${UserPoolClient.ClientId}`);
/** @type {any} */ (stdout).write = () => true;

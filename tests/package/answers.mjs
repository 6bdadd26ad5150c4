// @ts-check
// A server of fixed answers, by path, and 404 for the rest.
import { createServer } from "node:http";

/**
 * @param {Record<string, [status: number, body: string, headers?: Record<string, string>]>} answers JSON, unless a header says otherwise
 * @returns {Promise<{ origin: string, close(): void }>}
 */
export async function serve(answers) {
  const server = createServer(({ url }, response) => {
    const [status, body, headers] = answers[url ?? ""] ?? [404, ""];
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  return {
    origin: `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

// WeWeb without WeWeb: see page.js. The library comes from unpkg by the package's name alone, so by its `unpkg` field.

import { startPages } from "../lib/pages.mjs";

export const startWeWeb = () =>
  startPages("weweb", ({ files, gateway }) => {
    const { unpkg } = JSON.parse(files.read("package.json"));
    const text = { type: "string", isLocalStorage: true };
    return {
      files: { [`/unpkg/doorkey@${files.version}`]: { type: "text/javascript", body: files.read(unpkg) } },
      library: { package: "doorkey", instanceName: "Doorkey", url: `/unpkg/doorkey@${files.version}` },
      variables: {
        "id-of-doorkey": text,
        "id-of-accesstoken": text,
        "id-of-signinerror": { type: "string", shown: true },
        "id-of-cart": { type: "object" },
        "id-of-admin": { type: "boolean" },
        "id-of-count": { type: "number" },
        "id-of-roles": { type: "array" },
        "id-of-filter": { type: "query" },
      },
      workflows: { "id-of-orders": { url: `${gateway.url}/api/orders` } },
    };
  });

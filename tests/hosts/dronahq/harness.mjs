// DronaHQ without DronaHQ: see page.js. The library is imported by a link to a CDN.

import { startPages } from "../lib/pages.mjs";

export const startDronaHq = () =>
  startPages("dronahq", ({ cdn, files }) => ({ library: cdn.url + files.cdnPath("dist/doorkey.umd.min.js") }));

// `doorkey/hosts`: each by its own name, also for bundlers that keep a namespace whole (esbuild).
import type { hosts } from "./doorkey.js";

export const appsmith: typeof hosts.appsmith;
export const browser: typeof hosts.browser;
export const budibase: typeof hosts.budibase;
export const dronahq: typeof hosts.dronahq;
export const lowcoder: typeof hosts.lowcoder;
export const lowdefy: typeof hosts.lowdefy;
export const nocobase: typeof hosts.nocobase;
export const plasmic: typeof hosts.plasmic;
export const retool: typeof hosts.retool;
export const tooljet: typeof hosts.tooljet;
export const uibakery: typeof hosts.uibakery;
export const weweb: typeof hosts.weweb;
export const windmill: typeof hosts.windmill;

// A full-code app around the shipped template.

import * as auth from "doorkey-templates/windmill/full-code/auth.js";
import { status } from "doorkey";

export const app = { ...auth, status };
globalThis.app = app;

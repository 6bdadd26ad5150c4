// A full-code app around the shipped template.

import { status } from "doorkey";
import * as auth from "doorkey-templates/windmill/full-code/auth.js";

export const app = { ...auth, status };
globalThis.app = app;

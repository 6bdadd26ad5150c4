// The host app of the harness: what Plasmic's studio registers and the app's own bundle, with the shipped templates.

import * as Doorkey from "doorkey";
import { setPush } from "doorkey-templates/plasmic/auth.js";
import "doorkey-templates/plasmic/register.js";

window.Doorkey = Doorkey;
window.setPush = setPush;

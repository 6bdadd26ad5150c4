// The plugin's bundle, and a look at its doorkey for the tests.

import * as Doorkey from "doorkey";
import "doorkey-templates/budibase/index.js";

window.Doorkey = Doorkey;

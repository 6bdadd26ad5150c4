// @ts-check
// All of the site's tests in one process, which builds the site once.
import "./pages.mjs";
import "./look.mjs";

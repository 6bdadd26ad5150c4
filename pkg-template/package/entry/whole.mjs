// Hosts and providers where one file holds all that there is: what a page loads as it is.
import * as allHosts from "../hosts/index.mjs";
import * as allProviders from "../providers/index.mjs";

export const hosts = { ...allHosts };
export const providers = { ...allProviders };

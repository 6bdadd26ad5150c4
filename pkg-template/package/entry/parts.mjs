// Hosts and providers for bundlers: namespaces of files of their own, of which an app gets what it names. esbuild keeps such a
// namespace whole; `doorkey/hosts` and `doorkey/providers` are for it.
export * as hosts from "../hosts/index.mjs";
export * as providers from "../providers/index.mjs";

import { tellBadInput } from "../lib/bad-input.mjs";

tellBadInput("nocobase", {
  make: () => ({
    ctx: { router: { navigate: async () => {} }, request: async () => ({ status: 200, data: [1] }), message: { error() {} } },
  }),
  // The builder's ctx changes; the host is what was made of it.
  open: (hosts, given) => hosts.nocobase(given.ctx),
  uses: { "ctx.router.navigate": (auth) => auth.guard("login"), "ctx.request": (auth) => auth.run("orders:list") },
  values: { "ctx.router": (auth) => auth.guard("login") },
});

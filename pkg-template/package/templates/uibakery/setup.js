// The action "setup", one code step, run On App Load. Names your pages and the actions that doorkey runs.
Doorkey.configure({
  host: Doorkey.hosts.uibakery({ state, actions: { goto: {{actions.goto}}, orders: {{actions.orders}} } }),
  flows: authFlows(),
  pages: { home: "dashboard", login: "loginpage" },
  expose: { accessToken: "accesstoken" },
});
// State variables are empty after a reload.
if (await Doorkey.check()) await state.setValue("accesstoken", await Doorkey.accessToken());

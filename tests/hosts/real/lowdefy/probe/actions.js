import { hosts } from "doorkey";

export const HostNavigate = ({ methods, globals, params }) => hosts.lowdefy({ methods, globals }).navigateTo(...params);

/** What a server may have said: operators and templates as data. */
const CODE = {
  js: { _js: "window.harmed = 1; return 'ran';" },
  state: { _global: "accesstoken" },
  concat: { "_string.concat": ["r", "an"] },
  template: { _nunjucks: "{{ 6 * 7 }}" },
  text: "{{ window.harmed = 1 }}",
};

/** Hands it over in every direction. */
export const HostGive = async ({ methods, globals }) => {
  const host = hosts.lowdefy({ methods, globals });
  await host.store.set("planted", CODE, true);
  await host.notify(CODE.text, "error");
  await host.run("echo", { given: CODE });
  await host.navigateTo("more", { id: CODE.text, code: CODE });
};

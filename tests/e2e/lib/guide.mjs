// @ts-check
/** The flows of Retool's guide to custom authentication, and a page that answers its form. */

/**
 * The workflow of the guide's example without its JavaScript step, which no JSON can hold.
 * @param {string} url of the server that has /guide
 */
export function guideOptions(url) {
  return {
    flows: {
      signin: [
        { form: { title: "Sign in to httpbin" } },
        { request: { url: `${url}/guide/post`, json: { email: "{{ form1.email }}", password: "{{ form1.password }}" } } },
        { define: { HTTP_BODY_MESSAGE: "{{ http1.body.json.password }}" } },
        { define: { PASSWORD: "{{ HTTP_BODY_MESSAGE }}" } },
      ],
      refresh: undefined,
      revoke: undefined,
      check: undefined,
    },
    attach: { headers: { "X-Password": "PASSWORD" } },
  };
}

/**
 * Flows that keep the token of the real provider in a variable, as guides have it; the refresh defines it anew.
 * @param {{ options(): any }} server
 */
export function variableFlows(server) {
  const { signin, refresh } = server.options().flows;
  const define = { OAUTH2_TOKEN: "{{ http1.body.access_token }}" };
  return {
    signin: [{ request: signin }, { define: { ...define, TENANT: "{{ lower(inputs.email) }}", EVERY: "{{ 30 }}" } }],
    refresh: [{ request: refresh }, { define }],
  };
}

/**
 * Runs in the page: a host that answers each form with the next of `data.answers`. `kit.record.forms` holds the forms that were
 * asked, and "done" for the end. `data.asksAgain`: the prompt can show what was wrong. `data.code`: a program whose call of
 * `createAuth` has the options.
 * @param {any} options @param {any} kit that of the page, where the record holds what this adds @param {any} data
 */
export function asPerson(options, kit, data) {
  kit.record.forms = [];
  const answers = [...data.answers];
  const prompt = (/** @type {object} */ form) => {
    kit.record.forms.push(form);
    return answers.shift() ?? null;
  };
  if (data.asksAgain) {
    Object.assign(prompt, { asksAgain: true, done: () => kit.record.forms.push("done") });
  }
  let whole = options;
  if (data.code) {
    new Function("createAuth", data.code)((/** @type {object} */ own) => (whole = { ...options, ...own }));
  }
  return { ...whole, host: { ...kit.recordingHost, prompt } };
}

/** The forms that the page was asked, oldest first. @param {import("./tab.mjs").Tab} tab */
export const formsOf = (tab) => tab.evaluate(() => /** @type {any} */ (globalThis.kit.record).forms);

/** What the page was told to show. @param {import("./tab.mjs").Tab} tab */
export const noticesOf = (tab) => tab.evaluate(() => globalThis.kit.record.notifications);

/** The headers, query and bodies that the echo saw. @param {import("./tab.mjs").Tab} tab @param {string} url @param {RequestInit} [init] */
export async function echoOf(tab, url, init) {
  const { status, body } = await tab.fetch(url, init);
  return { status, ...JSON.parse(body) };
}

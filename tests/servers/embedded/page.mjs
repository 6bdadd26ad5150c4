// @ts-check
// What every page of the provider looks like: its name above, one thing to do on a card, who it is for below.

const STYLE = `
  :root {
    color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); accent-color: var(--blue);
    --ink: light-dark(#1b2030, #e8eaf2); --soft: light-dark(#555d73, #a6adc2); --edge: light-dark(#c6ccdb, #454c60);
    --blue: light-dark(#2b4acb, #9db1ff); --fill: #2b4acb; --card: light-dark(#fff, #1d212c); --red: light-dark(#a3142b, #ff9aa8);
  }
  * { box-sizing: border-box; }
  body { display: grid; justify-items: center; align-content: center; gap: 1.25rem; min-height: 100dvh; margin: 0; padding: 1.5rem 1rem; background: light-dark(#eef1f8, #12151c); }
  header { display: flex; align-items: center; gap: .6rem; font-weight: 600; }
  header svg { width: 1.75rem; height: 1.75rem; }
  main { width: min(26rem, 100%); padding: clamp(1.5rem, 6vw, 2.25rem); background: var(--card); border: 1px solid light-dark(#dfe3ee, #2c3140); border-radius: 1rem; box-shadow: 0 1.5rem 3rem -2rem rgb(10 20 60 / 35%); }
  h1 { margin: 0; font-size: 1.375rem; line-height: 1.25; }
  h1 + p { margin: .35rem 0 1.5rem; color: var(--soft); }
  label { display: grid; gap: .3rem; margin-bottom: 1rem; font-weight: 500; }
  input { width: 100%; padding: .65rem .8rem; font: inherit; color: inherit; background: var(--card); border: 1px solid light-dark(#858da3, #6b7389); border-radius: .5rem; }
  ul { display: grid; gap: .6rem; margin: 0 0 1.25rem; padding: 0; list-style: none; }
  li { display: flex; gap: .6rem; }
  li::before { content: "✓"; color: var(--blue); font-weight: 700; }
  .who { display: flex; align-items: center; gap: .75rem; margin-bottom: 1.25rem; padding: .6rem .9rem; border: 1px solid var(--edge); border-radius: 3rem; overflow-wrap: anywhere; }
  .who span:first-child { display: grid; flex: none; place-content: center; width: 2rem; height: 2rem; border-radius: 50%; background: var(--fill); color: #fff; font-weight: 600; }
  .buttons { display: flex; flex-direction: row-reverse; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem; }
  button { flex: 1 1 auto; white-space: nowrap; padding: .65rem 1rem; font: inherit; font-weight: 600; color: var(--blue); background: none; border: 1px solid var(--edge); border-radius: .5rem; cursor: pointer; }
  button[value="yes"] { color: #fff; background: var(--fill); border-color: var(--fill); }
  :focus-visible { outline: 3px solid var(--blue); outline-offset: 2px; }
  [role="alert"] { margin: 0 0 1rem; padding: .6rem .8rem; border-radius: .5rem; color: var(--red); background: light-dark(#fdeaed, #3a1720); }
  dl { margin: 1rem 0 0; overflow-wrap: anywhere; }
  dt { color: var(--soft); }
  dd { margin: 0 0 .6rem; }
  footer { color: var(--soft); font-size: .875rem; text-align: center; }`;

const LOGO = `<svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="9" fill="#2b4acb"/><path d="M16 7l8 3v6c0 5-3.4 8-8 9.5C11.4 24 8 21 8 16v-6z" fill="#fff"/><path d="M12.5 16l2.5 2.5 4.5-5" fill="none" stroke="#2b4acb" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

/** A whole page. @param {string} title @param {string} content markup */
export const page = (title, content) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title} · Test Provider</title>
    <style>${STYLE}</style>
  </head>
  <body>
    <header>${LOGO}<span>Test Provider</span></header>
    <main><h1>${title}</h1>${content}</main>
    <footer>An OpenID provider on this machine, for tests. Its one account opens nothing else.</footer>
  </body>
</html>`;

/** Text as it may stand in markup. @param {unknown} text */
export const escaped = (text) => String(text).replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

/** What asks whether to sign out here as well. @param {any} ctx @param {string} form the provider's own, with nothing to see in it */
export async function logoutPage(ctx, form) {
  ctx.type = "html";
  ctx.body = page(
    "Sign out",
    `<p>You have left the app. Do you want to sign out here, too? Until then the next app lets you in without a password.</p>${form}
    <div class="buttons">
      <button form="op.logoutForm" name="logout" value="yes" autofocus>Yes, sign me out</button>
      <button form="op.logoutForm">No, stay signed in</button>
    </div>`,
  );
}

/** What is shown after it where no app waits. @param {any} ctx */
export async function signedOutPage(ctx) {
  ctx.type = "html";
  ctx.body = page("Signed out", "<p>You are signed out here. You can close this page.</p>");
}

/** What is shown where no app can be told of an error. @param {any} ctx @param {object} out */
export async function errorPage(ctx, out) {
  const rows = Object.entries(out).map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`);
  ctx.type = "html";
  ctx.body = page(
    "This can’t go on",
    `<p>The app has sent you here with something that does not fit. Go back to it and sign in from there.</p><dl>${rows.join("")}</dl>`,
  );
}

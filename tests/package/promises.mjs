// @ts-check
// What SECURITY.md promises: sentences with marks, and the tables that the marks lead to.
import { citations } from "./markdown.mjs";

/** The sections in which everything is a promise unless it is listed below. */
const PROMISING = /^## (What doorkey|Sign-in|Where tokens|Errors|Passwords|Advice|DPoP|.*vault)/i;

/** How the sentences begin that promise nothing: they explain, advise, or say what is not protected. */
const UNPROMISED = [
  // Who is trusted, and what is no part of the job.
  "It trusts the browser",
  "It guarantees, under that trust:",
  "It is no part of the job",
  "`guard`, `status`, `check` and `claims` are for what a page shows",
  "Everybody can change what runs in their own browser",
  // What a host, a server or a broker does is theirs.
  "A host's own `http`",
  "What each evaluates stands in",
  "A function of your own that runs a query",
  "but such a server may end the session",
  "A broker (Supabase",
  "Not every broker has",
  "Queries of an app builder run where",
  "Tokens in their parameters pass through",
  // What others can do: a script of the page, who can write a storage, who is at the screen.
  "A script that somebody gets into your page",
  "No storage prevents that",
  "`storage` decides what else it can take",
  "Memory is not wiped",
  "Apart from that the origin is the border",
  "Whoever can write a storage can end the session",
  "What neither name nor mark tells",
  "flows that are functions, queries or scripts",
  "whoever takes the record has the password",
  "and is no border to scripts",
  "A script in the page can read it",
  "Whoever can write this origin's storage",
  "Who copies a whole profile has",
  "It does not protect from a script in the page",
  "and may rest in the browser's files",
  "A record in clear is taken over",
  "A script in the page can have the browser sign",
  // What a choice is, and what it costs.
  "`http:` is treated as `https:` is",
  "A builder whose server has no refresh token",
  "The `signin` flow sends a password",
  "It is not OAuth's password grant",
  "`doorkey/panel` is for pages in development",
  "Whoever reads the code can use it",
  "Only for brokers that can't do better",
  "Nothing in the answer says that it belongs",
  "Only for brokers that allow neither",
  "so `strapi` is for 5.53",
  "The token comes from the token endpoint, over TLS",
  "it stays in the browser's history",
  "It opens nothing, and has mostly expired",
  // How it goes, before what protects it.
  "The user types the password on the provider's page",
  "Each part of it protects from something",
  // What to do.
  'Prefer `"memory"`',
  "Prefer a long-lived token",
  "Leave `refreshToken` out",
  "`attach.query` puts a token into addresses",
  "`keep` and `storeValue` are for data",
  "In an app builder all apps of an instance",
  "Do not take an ID token",
  "Call one of them as the first thing",
  "`frame-ancestors` says who may show",
  "Pin an exact version",
  "On the server: short access tokens",
  "Sessions are for browsers",
  "On a server one module serves all users",
];

const MARK = /\[\[(\w+)\]\]/g;

/**
 * Paragraphs, list items and rows of tables, each on one line.
 * @param {string} text
 */
function blocks(text) {
  /** @type {string[]} */
  const found = [];
  let isOpen = false;
  for (const line of text.split("\n")) {
    const isTable = line.startsWith("|");
    if (!isOpen || isTable || /^(- |#)/.test(line)) found.push("");
    found[found.length - 1] += ` ${line}`;
    isOpen = line !== "" && !isTable && !line.startsWith("#");
  }
  return found.map((block) => block.trim().replaceAll(/\s+/g, " ")).filter(Boolean);
}

/** What tells no more than that a table begins. @param {string[]} all @param {number} at */
const isHead = (all, at) => [all[at], all[at + 1]].some((block) => /^\|[-|]+\|$/.test(block ?? ""));

/** The sentences of a block, without its title; a row of a table is one. @param {string} block */
const sentences = (block) =>
  block.startsWith("|")
    ? [block]
    : block
        .replace(/^(- )?(\*\*[^*]+\.\*\* )?/, "")
        .replaceAll("**", "")
        .split(/(?<=[.!?]) (?=[A-Z`])/);

/** What stands in a sentence behind its last mark. @param {string} sentence */
const unmarked = (sentence) => {
  const end = sentence.lastIndexOf("]]");
  return sentence.slice(end < 0 ? 0 : end + 2).replaceAll(/^[\s|.,;:]+|[\s|.]+$/g, "");
};

/**
 * What is wrong with the marks of a document: what is promised without one, and marks and rows that have not found each other.
 * @param {string} markdown
 */
export function unproved(markdown) {
  const problems = /** @type {string[]} */ ([]);
  const unused = new Set(UNPROMISED);
  for (const section of markdown.split(/^(?=## )/m).filter((text) => PROMISING.test(text))) {
    const all = blocks(section);
    const said = all.filter((block, at) => !block.startsWith("#") && !isHead(all, at)).flatMap(sentences);
    for (const rest of said.map(unmarked)) {
      const listed = UNPROMISED.find((beginning) => rest.startsWith(beginning.replace(/[.:]$/, "")));
      if (listed) unused.delete(listed);
      else if (rest) problems.push(`no mark: ${rest}`);
    }
  }
  for (const beginning of unused) problems.push(`nothing begins so: ${beginning}`);
  const proofs = proved(markdown);
  const marks = new Set([...markdown.matchAll(MARK)].map(([, mark]) => mark));
  const links = new Map([...markdown.matchAll(/^\[(\w+)\]: #(\w+)$/gm)].map(([, mark, id]) => [mark, id]));
  for (const mark of marks) {
    if (!proofs.get(mark)?.length) problems.push(`no test for the mark ${mark}`);
    if (!markdown.includes(`<a id="${links.get(mark)}"></a>${mark} |`)) problems.push(`the mark ${mark} leads nowhere`);
  }
  for (const mark of proofs.keys()) if (!marks.has(mark) && /\D/.test(mark)) problems.push(`nobody promises ${mark}`);
  for (const mark of links.keys()) if (!marks.has(mark)) problems.push(`a link for ${mark}, which is no mark`);
  return problems;
}

/** The tests of each row that a mark can lead to. @param {string} markdown */
export function proved(markdown) {
  const rows = markdown.matchAll(/^\| <a id="\w+"><\/a>(\w+) \|.*$/gm);
  return new Map([...rows].map(([row, mark]) => [mark, citations(row)]));
}

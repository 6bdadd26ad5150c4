// @ts-check
/**
 * The code blocks of a language in a Markdown text; the word after the language is the role.
 * @param {string} markdown @param {string} language
 */
export function examples(markdown, language) {
  const blocks = [...markdown.matchAll(/^```(\w+) *(.*)\n([^]*?)^```$/gm)];
  return blocks.filter(([, name]) => name === language).map(({ 2: role, 3: value, index }) => ({
    role: role.trim(),
    value,
    line: markdown.slice(0, index).split("\n").length,
  }));
}

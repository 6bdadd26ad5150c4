// @ts-check
// Headers, as they cross: names and values in turn.

/** Those of these names, names and values in turn. @param {Headers} headers @param {(string | undefined)[]} names */
export const named = (headers, names) =>
  names.flatMap((name) => {
    const value = name && headers.get(name);
    return name && typeof value === "string" ? [name, value] : [];
  });

/** Names and values in turn; a response of somebody's own making may have none. @param {Headers | undefined} headers */
export function flat(headers) {
  /** @type {string[]} */
  const list = [];
  if (typeof headers?.forEach === "function") headers.forEach((value, name) => list.push(name, value));
  return list;
}

/** @param {string[]} list names and values in turn */
export function pairs(list) {
  /** @type {[name: string, value: string][]} */
  const found = [];
  for (let at = 0; at < list.length; at += 2) found.push([list[at], list[at + 1]]);
  return found;
}

// @ts-check
import { median } from "./rounds.mjs";

/** @typedef {import("./rounds.mjs").Group} Group */

const NAME_WIDTH = 56;
const WIDTH = 11;
const RANGE_WIDTH = 16;

/**
 * A table of groups: doorkey's line, and under it a line for each peer with the ratio of doorkey to it, which is the median,
 * least and most of the rounds' own ratios.
 * @param {string} title @param {string} unit @param {Group[]} groups
 */
export function comparison(title, unit, groups) {
  const counts = groups.flat().map((variant) => variant.samples.length);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const rounds = least === most ? `${most} rounds` : `${least} to ${most} rounds`;
  const lines = [line("", `median ${unit}`, "min-max", "doorkey is", "min-max")];
  for (const [own, ...peers] of groups) {
    lines.push(line(own.name, ...summary(own.samples)));
    for (const peer of peers) {
      const ratios = own.samples.map((sample, round) => sample / peer.samples[round]);
      const [middle, range] = summary(ratios);
      lines.push(line(`  ${peer.name}`, ...summary(peer.samples), `${middle} x`, range));
    }
  }
  return `${title} (${rounds})\n${lines.join("\n")}`;
}

/** @param {string} title @param {{ name: string, raw: number, gzip: number, brotli: number }[]} sizes  the last is the peer */
export function sizes(title, sizes) {
  const peer = sizes[sizes.length - 1];
  const lines = [line("", "raw", "gzip -9", "br 11", "br, of floor")];
  for (const { name, raw, gzip, brotli } of sizes) {
    const ratio = peer.brotli === brotli ? "" : `${figure(brotli / peer.brotli)} x`;
    lines.push(line(name, String(raw), String(gzip), String(brotli), ratio));
  }
  return `${title}\n${lines.join("\n")}`;
}

/** @param {{ found: { what: string, rows: { size: number, ms: number, bytes: number }[] }[], day: { calls: number, refreshes: number, memory: number[] } }} scale */
export function scales({ found, day }) {
  const lines = [line("", "ms", "kB kept", "times", "")];
  for (const { what, rows } of found) {
    for (const { size, ms, bytes } of rows) {
      const times = size === rows[0].size ? "" : `${figure(ms / rows[0].ms)} x`;
      lines.push(line(`${size} ${what}`, figure(ms), figure(bytes / 1000), times));
    }
  }
  const kilobytes = (/** @type {number} */ hour) => Math.round((day.memory.at(hour) ?? 0) / 1000);
  lines.push(
    `A day in one page: ${day.calls} requests, as many values, ${day.refreshes} refreshes.`,
    `Memory after an hour ${kilobytes(0)} kB, after twelve ${kilobytes(11)} kB, after a day ${kilobytes(-1)} kB.`,
  );
  return `Scale, Node ${process.version}, one run, the processor's time\n${lines.join("\n")}`;
}

/**
 * Ten and a hundred tabs: beside each line a peer's, and how many times what it took with the fewest.
 * @param {string} title @param {import("./tabs.mjs").Crowd[]} all
 */
export function crowds(title, all) {
  const lines = [line("", "median ms", "min-max", "times", "doorkey is")];
  for (const { size, kept, page, refreshes, rounds } of all) {
    const pairs = /** @type {const} */ ([
      [`${size} tabs: one refreshes, until all have the token`, "told", "  one says a word to all, until all have it", "word"],
      [
        `${size} tabs: all refresh at once, until all have the token`,
        "asked",
        "  all send a fetch at once, until all have the answer",
        "plain",
      ],
    ]);
    for (const [name, own, peerName, peer] of pairs) {
      const times = (/** @type {"told" | "word" | "asked" | "plain"} */ what) =>
        all[0].size === size ? "" : `${figure(median(rounds[what]) / median(all[0].rounds[what]))} x`;
      const ratio = median(rounds[own].map((ms, round) => ms / rounds[peer][round]));
      lines.push(line(name, ...summary(rounds[own]), times(own)));
      lines.push(line(peerName, ...summary(rounds[peer]), times(peer), `${figure(ratio)} x`));
    }
    lines.push(
      `  ${refreshes} refreshes at the server. Each tab keeps ${figure(page / 1000)} kB without doorkey, and ${figure(kept / 1000)} kB more with it.`,
    );
  }
  return `${title} (${all[0].rounds.told.length} rounds)\n${lines.join("\n")}`;
}

/** @param {string} name @param {string} [first] @param {string} [range] @param {string} [ratio] @param {string} [ratios] */
function line(name, first = "", range = "", ratio = "", ratios = "") {
  const cells = [first.padStart(WIDTH), range.padStart(RANGE_WIDTH), ratio.padStart(WIDTH + 2), ratios.padStart(RANGE_WIDTH)];
  return `${name.padEnd(NAME_WIDTH)}${cells.join("")}`.trimEnd();
}

/** @param {number[]} samples */
function summary(samples) {
  return [figure(median(samples)), `${figure(Math.min(...samples))} - ${figure(Math.max(...samples))}`];
}

/** Three digits that count. @param {number} number */
function figure(number) {
  if (number === 0 || Math.abs(number) >= 100) return String(Math.round(number));
  return number.toFixed(Math.max(0, 2 - Math.floor(Math.log10(Math.abs(number)))));
}

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

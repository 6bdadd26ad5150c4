// @ts-check
// <doorkey-panel>: what a session holds and does, on the builder's own page while it is made. Its parts are those of the playground.

import { eventsPart } from "../../../www/panel/events.js";
import { frame } from "../../../www/panel/frame.js";
import { sessionPart } from "../../../www/panel/session.js";
import { storePart } from "../../../www/panel/store.js";
import { meetTabs } from "../../../www/panel/tabs.js";
import { tracePart } from "../../../www/panel/trace.js";
import { h } from "../../../www/runtime/dom.js";
import { Base, register } from "../ui/dom.mjs";
import { adopt, sessionOf } from "../ui/session.mjs";
import { dress } from "../ui/style.mjs";
import { endpointsOf, filled } from "./diagnose/endpoints.mjs";
import { gather } from "./diagnose/facts.mjs";
import { findingsOf } from "./diagnose/findings.mjs";
import { diagnosePart } from "./diagnose/part.mjs";
import css from "./panel.css";

const CHANNEL = "doorkey-panel";
const LOOK_AGAIN_MS = 500;
/** Violations: a page may cause many. */
const KEPT = 50;
const NONE = "There is no session to show: set the property auth to what createAuth gave.";
const NO_TRACE = "The trace belongs to one session: set the property auth to what createAuth or configure gave.";

/** Tells sessions apart, to panels of this page. @type {WeakMap<object, string>} */
const numbers = new WeakMap();

class DoorkeyPanelElement extends Base {
  constructor() {
    super();
    this.box = h("div", { class: "box panel", part: "box" });
    const root = this.attachShadow({ mode: "open" });
    dress(root, css);
    root.append(this.box);
    /** @type {any} */
    this.given = undefined;
    /** @type {any} */
    this.told = undefined;
    /** @type {(() => void)[]} */
    this.ends = [];
    /** What the page's policy has stopped: origins, or "wasm-eval". @type {{ directive: string, blocked: string }[]} */
    this.violations = [];
    /** @type {number | null} */
    this.lifetimeMs = null;
    /** @type {ReturnType<typeof meetTabs> | undefined} */
    this.tabs = undefined;
  }

  static get observedAttributes() {
    return ["auth"];
  }

  /** The session. Default: the global that the attribute `auth` names, else `Doorkey`; of globals only what is doorkey's. */
  get auth() {
    return sessionOf(this, this.given);
  }

  set auth(auth) {
    this.given = auth;
    this.start();
  }

  /** What `createAuth` was given: Diagnose reads names and addresses out of it. */
  get options() {
    return this.told;
  }

  set options(options) {
    this.told = options;
    this.start();
  }

  connectedCallback() {
    adopt(this, "auth");
    adopt(this, "options");
    this.start();
  }

  disconnectedCallback() {
    this.stop();
  }

  attributeChangedCallback() {
    this.start();
  }

  stop() {
    for (const end of this.ends.splice(0)) end();
    this.tabs = undefined;
  }

  start() {
    this.stop();
    if (!this.isConnected) return;
    const { auth } = this;
    const { name } = this.about();
    const { accessToken, refreshToken } = filled(this.told).expose ?? {};
    const exposed = this.told && [accessToken, refreshToken];
    const tabs = meetTabs(
      CHANNEL,
      () => look(),
      () => this.about(),
    );
    const diagnose = { title: "Diagnose", ...diagnosePart(() => this.diagnose()), add: this.measure.bind(this) };
    const trace = auth?.trace ? tracePart(auth) : { body: h("p", { class: "empty" }, NO_TRACE) };
    /** @type {import("../../../www/panel/frame.js").Part[]} */
    const parts = auth
      ? [
          { title: "Session", ...sessionPart(auth, tabs.count, { name }) },
          diagnose,
          { title: "Store", ...storePart(auth, exposed) },
          { title: "Events", ...eventsPart() },
          { title: "Trace", ...trace },
        ]
      : [{ title: "Session", body: h("p", { class: "empty" }, NONE) }, diagnose];
    const { look, end } = frame(this.box, auth, parts);
    this.tabs = tabs;
    this.ends.push(tabs.end, end, this.watch(), auth ? () => {} : this.awaitAuth());
  }

  /** Starts anew when the global that is meant is there. */
  awaitAuth() {
    const timer = setInterval(() => this.auth && this.start(), LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }

  /** Hears what the page's Content-Security-Policy stops. */
  watch() {
    const hear = (/** @type {SecurityPolicyViolationEvent} */ { effectiveDirective, blockedURI }) => {
      const blocked = /^\w+:\/\//.test(blockedURI) ? new URL(blockedURI).origin : blockedURI;
      this.violations = [...this.violations, { directive: effectiveDirective, blocked }].slice(-KEPT);
    };
    document.addEventListener("securitypolicyviolation", hear);
    return () => document.removeEventListener("securitypolicyviolation", hear);
  }

  /** How long a token lives is nowhere to be read: it is what its expiry says when it arrives. @param {import("../../../www/panel/frame.js").Happening} event */
  measure({ type, at, reason }) {
    if ((type !== "signedIn" && type !== "refreshed") || reason === "otherTab") return;
    const { expiresAt } = this.auth.status();
    this.lifetimeMs = expiresAt === null ? null : expiresAt - at;
  }

  /** What panels tell each other. Without options neither the name nor the servers are known. @returns {import("./diagnose/facts.mjs").About} */
  about() {
    const { auth, told } = this;
    const path = location.pathname;
    if (!told) return { name: "doorkey", servers: [], path, auth: "" };
    const { endpoints } = endpointsOf(filled(told), location.href);
    return { name: told.name ?? "doorkey", servers: [...new Set(endpoints.map(({ origin }) => origin))], path, auth: numberOf(auth) };
  }

  /** @returns {Promise<import("./diagnose/findings.mjs").Finding[]>} what is wrong, then what could not be looked at, then what is right */
  async diagnose() {
    const facts = await gather({
      auth: this.auth,
      options: this.told,
      lifetimeMs: this.lifetimeMs,
      own: this.about(),
      tabs: () => this.tabs?.count() ?? 1,
      peers: () => (this.tabs?.peers() ?? []).map(({ about, isHere }) => ({ ...about, isHere })),
      violations: () => this.violations,
    });
    return findingsOf(facts);
  }
}

/** @param {any} auth the module itself has no number: it acts on a session that may have another panel */
function numberOf(auth) {
  if (!auth?.trace) return "";
  if (!numbers.has(auth)) numbers.set(auth, Math.random().toString(36).slice(2));
  return numbers.get(auth) ?? "";
}

export const DoorkeyPanel = register("doorkey-panel", DoorkeyPanelElement);

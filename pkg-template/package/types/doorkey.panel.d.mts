// `doorkey/panel`: a custom element for the page of somebody who builds an app. It holds no session: it is given an Auth.
import type { Auth, Options } from "./doorkey.js";

/** What the panel's Diagnose has found. */
export interface Finding {
  about: "session" | "storage" | "locks" | "channel" | "clock" | "cors" | "csp" | "origins" | "lifetime" | "names";
  /**
   * `fault`: doorkey can't do its work so; `warning`: it can, and something may surprise; `unknown`: could not be looked at;
   * `good`: was looked at, and is right.
   */
  level: "fault" | "warning" | "unknown" | "good";
  /** What is so, for a person. Holds no secret. */
  text: string;
  /** What to write: an option, a header of the server, a directive of the page's policy. */
  write?: string;
}

/** `<doorkey-panel>`: what a session holds and does, and what is wrong with it. For pages in development. */
export class DoorkeyPanel extends HTMLElement {
  /** The session. Default: the global that the attribute `auth` names, else `Doorkey`; of globals only what is doorkey's. */
  auth: Auth | undefined;
  /** What `createAuth` was given. Diagnose reads the name, the addresses and names of headers out of it. */
  options: Options | undefined;
  /** Looks at what the session needs. Sends `HEAD` requests without tokens to the addresses of the flows. */
  diagnose(): Promise<Finding[]>;
}

declare global {
  interface HTMLElementTagNameMap {
    "doorkey-panel": DoorkeyPanel;
  }
}

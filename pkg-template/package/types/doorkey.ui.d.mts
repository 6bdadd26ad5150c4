// `doorkey/ui`: custom elements for pages with a DOM. It holds no session: it is given Auth objects.
import type { Auth, AuthEvent, AuthEventType, Form } from "./doorkey.js";

/**
 * `<doorkey-form>`: a form in a modal dialog. One that a page has is used, with its attributes and slots; else one is made
 * while it is needed.
 */
export class DoorkeyForm extends HTMLElement {
  /**
   * Asks, as soon as no other form is open. An answered form stays open and busy: the next `ask` of the same owner shows there
   * what was wrong, or the next step, and `done` closes it.
   *
   * @param form default: email and password
   * @param owner who asks: anything, compared by identity
   * @returns the values by the fields' names; null: cancelled
   */
  static ask(form: Partial<Form>, owner?: unknown): Promise<Record<string, any> | null>;
  /** Ends what the owner asks: a form that is open closes, one that waits is not shown. */
  static done(owner?: unknown): void;
}

/** What a button needs of a session: an `Auth`, or the module itself for the default session. */
export interface ButtonAuth {
  signin(): Promise<unknown>;
  logout(): Promise<unknown>;
  status(): { signedIn: boolean };
  on(event: Exclude<AuthEventType, "failed">, listener: (event: AuthEvent) => void): () => void;
}

/** `<doorkey-button>`: signs in, or out when there is a session. */
export class DoorkeyButton extends HTMLElement {
  /** The session. Default: the global that the attribute `auth` names, else `Doorkey`; of globals only what is doorkey's. */
  auth: ButtonAuth | undefined;
}

export interface PromptOptions {
  /** Default `"Sign in"`. */
  title?: string;
  /** No prompt: the sign-ins run, one after another. Default false. */
  silent?: boolean;
  /** The same again whenever a session ends by its age, by idleness or because the server has ended it. Default false. */
  onEnd?: boolean;
  /** Closes the prompt and ends `onEnd`. */
  signal?: AbortSignal;
}

export interface PromptResult {
  /** Whether all sessions are signed in. */
  ok: boolean;
  /** In the order of the sessions. */
  results: { label: string; ok: boolean; error?: unknown }[];
}

/**
 * Offers, in one prompt, to sign in to each session that is not signed in. When all are, nothing is shown.
 *
 * @param auths sessions, each with the name that the prompt shows
 */
export function signinPrompt(auths: readonly (Auth | { auth: Auth; label: string })[], options?: PromptOptions): Promise<PromptResult>;

declare global {
  interface HTMLElementTagNameMap {
    "doorkey-form": DoorkeyForm;
    "doorkey-button": DoorkeyButton;
  }
}

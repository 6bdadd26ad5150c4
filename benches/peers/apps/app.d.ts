/** What an app is given: where the server is, who the app is, and where its page stands. */
export interface Given {
  issuer: string;
  client: string;
  page: string;
  password: { email: string; password: string };
  /** Where doorkey's wasm is. */
  wasm: string;
}

/** The task: sign in, a token that is good now, a request with it, sign out. */
export interface App {
  /** May leave the page, and come back to it. */
  signin(): Promise<unknown>;
  /** Nothing when nobody is signed in. */
  token(): Promise<string | null | undefined>;
  signout(): Promise<unknown>;
  /** The SDK's own; without one the app writes the header itself. */
  fetch?(url: string): Promise<Response>;
}

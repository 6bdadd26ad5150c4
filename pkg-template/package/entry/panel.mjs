// What a page in development gets beside the session. It holds no session, and so no wasm: it is given an Auth.
export { DoorkeyPanel } from "../panel/element.mjs";

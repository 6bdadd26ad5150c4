//! The files of JavaScript that main.js imports: wasm-bindgen copies those alone that Rust names.
//!
//! The package's own build reads them where they are, and needs none of this.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/shell/arguments.js")]
extern "C" {
    #[wasm_bindgen(js_name = callMessage)]
    fn arguments();
}

#[wasm_bindgen(module = "/src/shell/copy.js")]
extern "C" {
    #[wasm_bindgen(js_name = copy)]
    fn copy();
}

#[wasm_bindgen(module = "/src/shell/known.js")]
extern "C" {
    #[wasm_bindgen(js_name = holds)]
    fn known();
}

#[wasm_bindgen(module = "/src/shell/listeners.js")]
extern "C" {
    #[wasm_bindgen(js_name = Listeners)]
    fn listeners();
}

#[wasm_bindgen(module = "/src/shell/loop.js")]
extern "C" {
    #[wasm_bindgen(js_name = perform)]
    fn looped();
}

#[wasm_bindgen(module = "/src/shell/module.js")]
extern "C" {
    #[wasm_bindgen(js_name = probe)]
    fn module();
}

#[wasm_bindgen(module = "/src/shell/own.js")]
extern "C" {
    #[wasm_bindgen(js_name = read)]
    fn own();
}

#[wasm_bindgen(module = "/src/shell/page.js")]
extern "C" {
    #[wasm_bindgen(js_name = Page)]
    fn page();
}

#[wasm_bindgen(module = "/src/shell/refusal.js")]
extern "C" {
    #[wasm_bindgen(js_name = fit)]
    fn refusal();
}

#[wasm_bindgen(module = "/src/shell/session.js")]
extern "C" {
    #[wasm_bindgen(js_name = Session)]
    fn session();
}

#[wasm_bindgen(module = "/src/shell/text.js")]
extern "C" {
    #[wasm_bindgen(js_name = utf16)]
    fn text();
}

#[wasm_bindgen(module = "/src/shell/wire.js")]
extern "C" {
    #[wasm_bindgen(js_name = encode)]
    fn wire();
}

#[wasm_bindgen(module = "/src/shell/ports/ahead.js")]
extern "C" {
    #[wasm_bindgen(js_name = permit)]
    fn ports_ahead();
}

#[wasm_bindgen(module = "/src/shell/ports/answer.js")]
extern "C" {
    #[wasm_bindgen(js_name = isResponse)]
    fn ports_answer();
}

#[wasm_bindgen(module = "/src/shell/ports/authorize.js")]
extern "C" {
    #[wasm_bindgen(js_name = arrival)]
    fn ports_authorize();
}

#[wasm_bindgen(module = "/src/shell/ports/dpop.js")]
extern "C" {
    #[wasm_bindgen(js_name = keepKey)]
    fn ports_dpop();
}

#[wasm_bindgen(module = "/src/shell/ports/body.js")]
extern "C" {
    #[wasm_bindgen(js_name = textIn)]
    fn ports_body();
}

#[wasm_bindgen(module = "/src/shell/ports/headers.js")]
extern "C" {
    #[wasm_bindgen(js_name = flat)]
    fn ports_headers();
}

#[wasm_bindgen(module = "/src/shell/ports/host.js")]
extern "C" {
    #[wasm_bindgen(js_name = called)]
    fn ports_host();
}

#[wasm_bindgen(module = "/src/shell/ports/kept.js")]
extern "C" {
    #[wasm_bindgen(js_name = keptOf)]
    fn ports_kept();
}

#[wasm_bindgen(module = "/src/shell/ports/lock.js")]
extern "C" {
    #[wasm_bindgen(js_name = lock)]
    fn ports_lock();
}

#[wasm_bindgen(module = "/src/shell/ports/page.js")]
extern "C" {
    #[wasm_bindgen(js_name = listen)]
    fn ports_page();
}

#[wasm_bindgen(module = "/src/shell/ports/random.js")]
extern "C" {
    #[wasm_bindgen(js_name = hashed)]
    fn ports_random();
}

#[wasm_bindgen(module = "/src/shell/ports/records.js")]
extern "C" {
    #[wasm_bindgen(js_name = shared)]
    fn ports_records();
}

#[wasm_bindgen(module = "/src/shell/ports/request.js")]
extern "C" {
    #[wasm_bindgen(js_name = made)]
    fn request();
}

#[wasm_bindgen(module = "/src/shell/ports/tabs.js")]
extern "C" {
    #[wasm_bindgen(js_name = announce)]
    fn ports_tabs();
}

#[wasm_bindgen(module = "/src/shell/ports/timer.js")]
extern "C" {
    #[wasm_bindgen(js_name = timer)]
    fn ports_timer();
}

#[wasm_bindgen(module = "/src/shell/ports/vault.js")]
extern "C" {
    #[wasm_bindgen(js_name = vault)]
    fn ports_vault();
}

#[wasm_bindgen(module = "/src/shell/ports/web.js")]
extern "C" {
    #[wasm_bindgen(js_name = web)]
    fn ports_web();
}

//! The rules themselves: each finds what it is there for, and lets alone what is right.

use super::source::Source;
use super::{Rule, browser_free, deaf_and_blind, discreet, export_free, one_way, ordered, proven};

/// What the rule finds in a file of that path, as `line what`.
fn found(rule: Rule, path: &str, text: &str) -> Vec<String> {
    // The line with the opening quote is not counted.
    rule(&Source::parse(path, text.trim_start())).into_iter().map(|(line, what)| format!("{line} {what}")).collect()
}

#[test]
fn core_that_hears_or_sees_is_found() {
    let bad = r#"
use std::time::Instant;
async fn f(v: &js_sys::Date) { println!(""); }
use std::{fmt, env::var};
fn g() { std::fs::read(x); }
"#;
    let expected = ["1 Instant", "2 async", "2 js_sys", "2 println", "1 std::time", "3 std::env", "4 std::fs"];
    assert_eq!(found(deaf_and_blind, "src/core/x.rs", bad), expected);
    assert!(found(deaf_and_blind, "src/shell/x.rs", bad).is_empty());
    let good = r#"
//! async println!
use std::fmt;
use super::time::UnixMillis;
fn f() -> &'static str { "web_sys Instant" }
"#;
    assert!(found(deaf_and_blind, "src/core/x.rs", good).is_empty());
}

#[test]
fn what_only_tests_compile_may_do_as_it_likes() {
    let text = r#"
#[cfg(test)]
mod tests { use std::time::Instant; }
#[cfg(all(test, unix))]
pub mod testing;
#[cfg(not(test))]
fn f(i: Instant) {}
#[cfg(test)]
use rand::x;
fn g(i: SystemTime) {}
"#;
    assert_eq!(found(deaf_and_blind, "src/core/x.rs", text), ["6 Instant", "9 SystemTime"]);
    assert_eq!(Source::parse("src/core/mod.rs", text).test_files(), ["src/core/testing"]);
    assert_eq!(Source::parse("src/core/x.rs", text).test_files(), ["src/core/x/testing"]);
}

#[test]
fn a_hash_map_in_core_is_found() {
    assert_eq!(found(ordered, "src/core/x.rs", "use std::collections::HashMap;"), ["1 HashMap"]);
    assert!(found(ordered, "src/core/x.rs", "use std::collections::BTreeMap; // no HashMap").is_empty());
}

#[test]
fn the_browser_outside_its_folder_is_found() {
    let bad = "fn f() { web_sys::window(); gloo_net::http::Request::get(\"\"); }";
    assert_eq!(found(browser_free, "src/shell/driver.rs", bad), ["1 web_sys", "1 gloo_net"]);
    assert_eq!(found(browser_free, "src/bindings/session.rs", bad).len(), 2);
    assert!(found(browser_free, "src/shell/browser/fetch.rs", bad).is_empty());
}

#[test]
fn an_export_outside_bindings_is_found() {
    let bad = r#"
#[wasm_bindgen]
pub fn f() {}
#[wasm_bindgen(js_name = x)]
#[derive(Debug)]
pub struct S;
"#;
    assert_eq!(found(export_free, "src/shell/x.rs", bad), ["1 an export", "3 an export"]);
    assert!(found(export_free, "src/bindings/x.rs", bad).is_empty());
    let imports = r#"
#[wasm_bindgen]
extern "C" {
#[wasm_bindgen(catch)]
fn f();
}
#[wasm_bindgen]
unsafe extern "C" { #[wasm_bindgen(method)] fn g(); }
"#;
    assert!(found(export_free, "src/shell/x.rs", imports).is_empty());
}

#[test]
fn an_inner_room_that_knows_an_outer_one_is_found() {
    assert_eq!(found(one_way, "src/core/x.rs", "use crate::{shell::driver, bindings};"), ["1 shell", "1 bindings"]);
    assert_eq!(
        found(one_way, "src/shell/x.rs", "use crate::bindings::error;\nuse crate::core::error;"),
        ["1 bindings"]
    );
    assert!(found(one_way, "src/bindings/x.rs", "use crate::shell::driver;\nuse crate::core::error;").is_empty());
    assert!(found(one_way, "src/core/x.rs", "#![cfg(feature = \"bindings\")] // the shell").is_empty());
}

#[test]
fn an_exposed_secret_is_found() {
    assert_eq!(
        found(
            discreet,
            "src/core/flow/x.rs",
            r#"
fn f() {
 token
.expose() }
"#
        ),
        ["3 expose()"]
    );
    assert!(found(discreet, "src/core/envelope.rs", "fn f() { token.expose() }").is_empty());
    assert!(found(discreet, "src/core/secret.rs", "pub fn expose(&self) -> &str { &self.0 }").is_empty());
}

#[test]
fn a_panic_without_a_proof_is_found() {
    let bad = r#"
fn f() {
a.unwrap();
b.expect("b");
panic!();
let c = d[0];
e()[i..];
f[0][1];
unreachable!()
}
"#;
    let expected = ["2 unwrap", "3 expect", "4 panic", "5 d[…]", "6 )[…]", "7 f[…]", "7 ][…]", "8 unreachable"];
    assert_eq!(found(proven, "src/core/x.rs", bad), expected);
    let good = r#"
#[derive(Debug)]
struct S<'a>(&'a [u8], [u8; 2]);
fn f(x: &mut [u8]) -> Option<[u8; 2]> {
let [a, b] = [1, 2];
x.unwrap_or(&y[..]);
vec![1];
for i in [1] {}
expect(1);
}
"#;
    assert!(found(proven, "src/core/x.rs", good).is_empty());
    let proof = r#"
fn f() {
// Six bits are below 64.
let c = d[0];



let e = f[0];
/// Six bits.
let g = h[0]; }
"#;
    assert_eq!(found(proven, "src/core/x.rs", proof), ["7 f[…]", "9 h[…]"]);
}

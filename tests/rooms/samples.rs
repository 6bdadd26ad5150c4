//! The rules themselves: each finds what it is there for, and lets alone what is right.

use std::collections::BTreeSet;

use super::borrows::borrowed;
use super::circles::{circles, imports};
use super::flags::unsound;
use super::scripts::imported;
use super::shape::{alone, large_types, long_functions, plain};
use super::source::Source;
use super::words::private;
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
    assert_eq!(found(browser_free, "src/shell/sessions.rs", bad), ["1 web_sys", "1 gloo_net"]);
    assert_eq!(found(browser_free, "src/bindings/turn.rs", bad).len(), 2);
    assert!(found(browser_free, "src/shell/ports/fetch.rs", bad).is_empty());
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
    assert!(found(discreet, "src/core/record/envelope.rs", "fn f() { token.expose() }").is_empty());
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
let g = h[0];
// Of another line.
let a = 1;
let i = j[0]; // Six bits.
let k = l[0]; }
"#;
    assert_eq!(found(proven, "src/core/x.rs", proof), ["5 f[…]", "7 h[…]", "11 l[…]"]);
}

#[test]
fn a_circle_of_files_is_found() {
    let files = [
        ("src/core/mod.rs", "pub mod a;\npub mod b;\npub mod c;"),
        ("src/core/a.rs", "use super::b::{self, deep::Thing};\nuse std::fmt;"),
        ("src/core/b/mod.rs", "mod deep;\npub use deep::Thing;"),
        ("src/core/b/deep.rs", "fn f() { crate::core::c::g::<u8>() }"),
        ("src/core/c.rs", "use crate::{core::{error, a::A}, x};"),
    ];
    let sources: Vec<Source> = files.iter().map(|(path, text)| Source::parse(path, text)).collect();
    let graph = imports(&sources, "src");
    let named = |path: &str| graph.get(path).into_iter().flatten().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(named("src/core/mod.rs"), [""; 0], "that a module is there names nobody");
    assert_eq!(named("src/core/a.rs"), ["src/core/b/deep.rs", "src/core/b/mod.rs"]);
    assert_eq!(named("src/core/b/mod.rs"), ["src/core/b/deep.rs"], "a re-export does");
    assert_eq!(named("src/core/c.rs"), ["src/core/a.rs", "src/core/mod.rs"]);
    assert_eq!(circles(&graph), [["src/core/a.rs", "src/core/b/deep.rs", "src/core/c.rs", "src/core/a.rs"]]);
}

#[test]
fn a_child_and_its_parent_can_be_a_circle() {
    let circle = |parent: &str, child: &str| {
        let files = [Source::parse("xtask/src/x.rs", parent), Source::parse("xtask/src/x/y.rs", child)];
        !circles(&imports(&files, "xtask/src")).is_empty()
    };
    assert!(circle("mod y;\npub use y::Y;", "use super::X;"));
    assert!(circle("mod y;\nfn f() { y::g() }", "fn g() { super::h() }"));
    assert!(!circle("mod y;", "use super::X;"));
    assert!(!circle("mod y;\npub use self::y::Y;", "use super::y::Y;\nuse crate::z::Z;"));
    assert!(!circle("mod y;\npub use y::Y;", "#[cfg(test)]\nmod tests { use super::super::X; }"));
}

#[test]
fn what_a_script_imports_is_found() {
    let text = r#"
// import a from "./a.mjs";
/** @type {import("./b.mjs").B} */
import { c } from "./c.mjs"; // as ever
import d from "d";
export * from '../e.mjs';
const url = "https://example.org"; const f = await import("./f.mjs");
import "./g.js";
"#;
    let found: BTreeSet<String> = imported(text).into_iter().collect();
    assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), ["../e.mjs", "./c.mjs", "./f.mjs", "./g.js"]);
}

#[test]
fn a_flag_that_takes_checks_out_is_found() {
    let text = r#"
/// Not `-tnh`.
const A: [&str; 2] = ["-Oz", "-tnh"];
const B: &str = "-Cllvm-args=-trap-unreachable=no --traps-never-happen";
const C: &str = "-Cpanic=immediate-abort -Cdebug-assertions=off -titnh";
fn f() { run("--features unchecked_index", "-iit"); }
"#;
    let expected =
        ["2 -tnh", "3 -Cllvm-args=-trap-unreachable=no", "3 --traps-never-happen", "5 unchecked_index", "5 -iit"];
    assert_eq!(found(unsound, "xtask/src/wasm.rs", text), expected);
}

#[test]
fn a_machine_that_knows_the_session_is_found() {
    let text = "struct Session;\nimpl Session { fn f() {} }\nimpl fmt::Debug for Session {}\nfn f(s: &Session) {}";
    assert_eq!(found(alone, "src/core/refresh/mod.rs", text).len(), 4);
    assert_eq!(found(alone, "src/core/calls.rs", text).len(), 4);
    assert_eq!(found(alone, "src/core/token.rs", text), ["2 impl Session", "3 impl Session"]);
    assert!(found(alone, "src/core/session.rs", text).is_empty());
    assert!(found(alone, "src/typed/session.rs", text).is_empty());
    assert!(found(alone, "src/core/refresh/mod.rs", "/// A Session.\nstruct SessionRecord;").is_empty());
}

#[test]
fn what_core_can_not_send_or_store_is_found() {
    let text = "use std::rc::Rc;\nstruct A(Rc<dyn Any>, RefCell<u8>, Arc<dyn Anything>);";
    assert_eq!(found(plain, "src/core/x.rs", text), ["1 Rc", "2 Rc", "2 RefCell", "2 dyn Any"]);
    assert!(found(plain, "src/shell/x.rs", text).is_empty());
}

#[test]
fn a_long_function_is_found() {
    let function =
        |lines: usize| format!("const F: fn(u8) -> u8 = f;\npub fn f<T>(\na: T,\n) {{{}}}", "\n".repeat(lines));
    assert_eq!(found(long_functions, "src/x.rs", &function(60)), ["2 f: 63 lines"]);
    assert!(found(long_functions, "src/x.rs", &function(57)).is_empty());
    let declared =
        format!("trait T {{ fn f(&self);\n{}\nfn g(&self) -> [u8; 2] {{ [1, 2] }} }}", "const A: u8 = 1;\n".repeat(70));
    assert!(found(long_functions, "src/x.rs", &declared).is_empty());
}

#[test]
fn the_methods_of_a_type_are_counted_over_all_files() {
    let methods =
        |count: usize| (0..count).map(|at| format!("fn f{at}(&self) {{ fn inner() {{}} }}\n")).collect::<String>();
    let one = format!("struct A<T>(T);\nimpl<T: Fn() -> u8> A<T> {{ {} }}", methods(13));
    let other = format!(
        "use a::A;\nimpl<'a> fmt::Debug for a::A<'a> where u8: Copy {{ {} }}\nfn g() -> impl Copy {{ 1 }}",
        methods(13)
    );
    let twin = format!("enum A {{}}\nimpl A {{ {} }}", methods(25));
    let files = [("src/core/a.rs", &one), ("src/core/b.rs", &other), ("src/core/c.rs", &twin)];
    let large = |count: usize| {
        let sources: Vec<Source> = files.iter().take(count).map(|(path, text)| Source::parse(path, text)).collect();
        large_types(sources.iter()).into_iter().map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>()
    };
    assert!(large(1).is_empty());
    assert_eq!(large(2), ["A of src/core/a.rs 26"]);
    assert!(large(3).is_empty(), "of two types with one name, that which is meant is not known");
}

#[test]
fn a_word_of_our_own_is_found() {
    let bad = "fn take_off() {} fn f(need: u8, was_told: bool) -> To { Burying; hear_it() } fn fly_by() {}";
    let expected = ["take_off", "need", "was_told", "To", "Burying", "hear_it", "fly_by"];
    let words: Vec<String> = found(private, "src/core/x.rs", bad);
    let words: Vec<&str> = words.iter().filter_map(|word| word.strip_prefix("1 ")?.split(':').next()).collect();
    assert_eq!(words, expected);
    let good = r#"fn to() { let found = flight.tombstone(NotFound, needed, needs, island, landing, heart, butterfly, "told") }"#;
    assert!(found(private, "src/core/x.rs", good).is_empty());
}

#[test]
fn a_borrow_over_a_call_of_javascript_is_found() {
    let bad = r#"
fn f(&self) -> Result<Kind, E> {
self.core.borrow_mut().handle(input, now());
let core = self.core.borrow();
page::act(core.x);
drop(core);
if let Some(x) = self.a.borrow().get(0) { storage::web(x) }
match self.a.try_borrow() { Ok(a) => js_sys::Date::now(), _ => {} }
for x in self.a.borrow().iter() { x(|y| data::text(y)); }
let Ok(mut a) = self.a.try_borrow_mut() else { return };
let b = &self.a.borrow().b;
}
fn g(&self) { page::on(move |x| { self.a.borrow().f(ports::http::send(x)) }); }
"#;
    let lines: Vec<String> = found(borrowed, "src/shell/sessions.rs", bad);
    let lines: Vec<&str> = lines.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(lines, ["2", "4", "6", "7", "7", "8", "12"]);
    let good = r#"
fn f(&self) -> Vec<u8> {
let at = now();
self.core.borrow_mut().handle(input, at);
let effect = self.core.borrow_mut().poll_effect();
page::act(effect);
{ let core = self.core.borrow(); core.g(); }
page::act(Op::Timer);
let core = self.core.borrow();
drop(core);
page::act(1);
if self.core.borrow().is_open() { page::act(2) }
let known: Map<A, B> = self.a.borrow().clone();
let op = match op { Op::A { id } => page::Op(id), _ => page::act(3) };
page::on(move |x| self.core.borrow_mut().take(x));
self.a.borrow().f(page::Kind::B(1), page::NAME);
}
"#;
    assert_eq!(found(borrowed, "src/shell/sessions.rs", good), [""; 0]);
    assert!(found(borrowed, "src/core/x.rs", bad).is_empty());
}

//! Templates: text with `{{ expression }}` in it, parsed once and evaluated often.
//!
//! An expression is a path (`http1.body.data[0].token`), a literal, a call of `base64`, `base64url`, `concat`, `contains`,
//! `cookie`, `encodeURIComponent`, `find`, `json`, `lower`, `now`, `trim` or `upper`, or these joined by `??`, `==`, `!=`, `&&`,
//! `||`, `!` and parentheses, with JavaScript's precedence; a path may go on behind a call. It differs from JavaScript in this:
//!
//! - A path that leads nowhere, or to `undefined`, is an error. `??` takes it for missing, wherever in its left side it stands.
//! - `==` never converts (it is JavaScript's `===`), and compares lists and objects by what they hold, in their order.
//! - Members are own members of data: `a.constructor` is there only when the data has it, and a list has no `length`.
//!   An index is a whole number or a quoted key.
//! - One expression alone keeps its type, white space around it or not. Among text it becomes text: numbers as JavaScript
//!   prints them, lists and objects as JSON; `null` and `undefined` have no text and are errors, unless `?? ""` follows.
//!   The functions take text, and turn into text what is none, in the same way; `json` takes anything.
//! - `find(list, key, value)` that finds nothing is a path that leads nowhere, so that `??` may follow.
//! - `base64` and `base64url` encode the text's UTF-8 bytes, where JavaScript's `btoa` would refuse what is not Latin-1.
//!
//! A template without `{{` is a constant. `{{ "{{" }}` writes the braces themselves. There is no loop and no recursion in the
//! language: each piece is evaluated once at most, and the text that is made is limited to 1 MiB for an evaluation.

mod compiled;
mod eval;
mod expr;
mod fault;
mod functions;
mod parser;
#[cfg(test)]
mod properties;
mod scope;
mod shape;
#[cfg(test)]
mod tests;

pub use self::compiled::Template;
pub use self::scope::{Scope, Use};
pub use self::shape::Shape;

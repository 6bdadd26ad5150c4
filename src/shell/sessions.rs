//! The sessions of a page, by the numbers that JavaScript gives them.
//!
//! A session is out of the table while core works with it: nothing is borrowed then, whatever the page has made of the few
//! functions that the browser lends.

use std::cell::RefCell;

use super::answer::Incoming;
use super::message::{drain, forget, storage};
use super::platform::PLATFORM;
use super::refs;
use super::wire::Messages;
use crate::core::error::AuthError;
use crate::core::http::origin::exact_origin;
use crate::core::input::Input;
use crate::core::options::Options;
use crate::core::session::{Session, Setting};
use crate::core::time::UnixMillis;

thread_local! {
    static OPEN: RefCell<Vec<Option<Box<Session>>>> = const { RefCell::new(Vec::new()) };
}

/// Takes a session out of the table; `None` for one that was disposed of.
pub fn take(number: usize) -> Option<Box<Session>> {
    OPEN.with_borrow_mut(|open| open.get_mut(number)?.take())
}

/// Puts it back.
pub fn put(number: usize, session: Box<Session>) {
    OPEN.with_borrow_mut(|open| {
        if open.len() <= number {
            open.resize_with(number + 1, || None);
        }
        if let Some(place) = open.get_mut(number) {
            *place = Some(session);
        }
    });
}

/// Opens a session of these options in the place that a message describes.
///
/// # Errors
/// `ERR_INVALID_OPTION` when the storage that is asked for can't be.
pub fn open(
    number: usize,
    options: Options,
    place: &mut Incoming,
    now: UnixMillis,
    out: &mut Messages,
) -> Result<(), AuthError> {
    let chosen = Setting::choose_storage(&options, place.flag("hasStore"))?;
    let seed = place.number("seed") as u32;
    crate::core::lite::index::seed(seed);
    storage(&options, chosen, false, out);
    let setting = Setting {
        platform: PLATFORM,
        base: place.text("origin").filter(|origin| exact_origin(origin).is_some()),
        storage: chosen,
        seed,
        visible: place.flag("isVisible"),
        found: place.text("found").unwrap_or_default(),
    };
    let mut session = Box::new(Session::new(options, setting, now));
    session.handle(Input::Tick, now);
    drain(&mut session, now, out);
    put(number, session);
    Ok(())
}

/// Hands an input to a session, and writes all that it wants done. One that is over does not come back.
pub fn handle(number: usize, mut session: Box<Session>, input: Input, now: UnixMillis, out: &mut Messages) {
    #[cfg(feature = "panic-test")]
    panic_if_asked(&input);
    session.handle(input, now);
    if drain(&mut session, now, out) {
        drop(session);
    } else {
        put(number, session);
    }
    forget(&refs::dead(), out);
}

/// Panics in the midst of `run("panic!")`.
#[cfg(feature = "panic-test")]
fn panic_if_asked(input: &Input) {
    use crate::core::flow::step::Query;
    use crate::core::input::Call;
    if let Input::Call(_, Call::Run(Query::Named(name), _)) = input
        && name == "panic!"
    {
        panic!("as asked"); // Only a test can ask for it: the feature is in no build that is published.
    }
}

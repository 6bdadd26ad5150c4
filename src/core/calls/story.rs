//! The calls as one type: each hands on what it gets to its own story.

use super::caller::{Caller, Next};
use super::check::Check;
use super::clean_up::CleanUp;
use super::discard::Discard;
use super::ending::Ending;
use super::fetch::Fetch;
use super::guard::Guard;
use super::query::Query;
use super::renewal::Renewal;
use super::returned::{HandOver, Returned};
use super::sign_in::{Leftover, SignIn};
use super::sign_out::{Revocation, SignOut};
use super::test::Test;
use super::token::Token;
use super::write::{Exposure, Write};
use crate::core::effect::Effect;
use crate::core::ground::Ground;
use crate::core::input::Answer;
use crate::core::refresh::ensured::Ensured;

/// A call under way.
#[derive(Clone, Debug, PartialEq)]
pub enum Story {
    /// `signin`.
    SignIn(SignIn),
    /// `refreshAccessToken`, `accessToken`, `headers`.
    Token(Token),
    /// `logout`.
    SignOut(SignOut),
    /// `fetch`.
    Fetch(Fetch),
    /// `run`.
    Query(Query),
    /// `check`.
    Check(Check),
    /// `guard`.
    Guard(Guard),
    /// A call that waits for the end of a sign-in that has come back.
    Returned(Returned),
    /// An address is handed to the page that has begun.
    HandOver(HandOver),
    /// `storeValue`, `removeValue`, `clearStore`.
    Write(Write),
    /// `test`.
    Test(Test),
    /// What the session exposes is brought up to date.
    Exposure(Exposure),
    /// What the session exposed is removed.
    CleanUp(CleanUp),
    /// Tokens that nobody keeps are revoked.
    Revocation(Revocation),
    /// The flow of a sign-in that nobody waits for any more.
    Leftover(Leftover),
    /// The session of another server goes.
    Discard(Discard),
    /// Whether the session is over is found out.
    Ending(Ending),
    /// The token that comes next is stored.
    Renewal(Renewal),
}

/// Each story is a call.
macro_rules! stories {
    ($($name:ident,)*) => {
        $(impl From<$name> for Story {
            fn from(story: $name) -> Self {
                Self::$name(story)
            }
        })*
    };
}

stories! { SignIn, Token, SignOut, Fetch, Query, Check, Guard, Returned, HandOver, Write, Test, Exposure, CleanUp, Revocation, Leftover, Discard, Ending, Renewal, }

impl Story {
    /// Goes on with an answer, or with word that there is none in time.
    pub fn on_answer(self, answer: Answer, caller: &mut Caller<'_>) -> Next<Self> {
        match self {
            Self::SignIn(story) => story.on_answer(answer, caller),
            Self::SignOut(story) => story.on_answer(answer, caller),
            Self::Fetch(story) => story.on_answer(answer, caller),
            Self::Query(story) => story.on_answer(answer, caller),
            Self::Check(story) => story.on_answer(answer, caller),
            Self::Guard(story) => story.on_answer(answer, caller),
            Self::HandOver(story) => story.on_answer(answer),
            Self::Write(story) => story.on_answer(answer, caller),
            Self::Test(story) => story.on_answer(answer, caller),
            Self::Exposure(story) => story.on_answer(answer, caller),
            Self::CleanUp(story) => story.on_answer(answer, caller),
            Self::Revocation(story) => story.on_answer(answer, caller),
            Self::Leftover(story) => story.on_answer(answer, caller),
            Self::Discard(story) => story.on_answer(answer, caller),
            Self::Ending(story) => story.on_answer(answer, caller),
            Self::Renewal(story) => story.on_answer(answer, caller),
            // It waits for the refresh, which answers by `on_ensured`.
            Self::Token(story) => Next::waits(Self::Token(story)),
            // It waits for another call.
            Self::Returned(story) => Next::waits(Self::Returned(story)),
        }
    }

    /// Goes on once there is a token, or word that there is none.
    pub fn on_ensured(self, ensured: Ensured, caller: &mut Caller<'_>) -> Next<Self> {
        match self {
            Self::Token(story) => story.on_ensured(ensured, caller),
            Self::Fetch(story) => story.on_ensured(ensured, caller),
            Self::Query(story) => story.on_ensured(ensured, caller),
            Self::Check(story) => story.on_ensured(ensured, caller),
            Self::Guard(story) => story.on_ensured(ensured, caller),
            // No other asks for a token.
            story => Next::waits(story),
        }
    }

    /// Whether it waits for what the session exposes to be written.
    pub const fn waits_for_exposure(&self) -> bool {
        matches!(self, Self::Query(Query::Exposing { .. }))
    }

    /// Goes on once that is written.
    pub fn on_exposed(self, caller: &mut Caller<'_>) -> Next<Self> {
        match self {
            Self::Query(story) => story.on_exposed(caller),
            story => Next::waits(story),
        }
    }

    /// Whether it waits for the session to rest elsewhere.
    pub const fn waits_for_move(&self) -> bool {
        matches!(self, Self::SignIn(SignIn::Moving(..)))
    }

    /// Goes on once it does.
    pub fn on_moved(self, caller: &mut Caller<'_>) -> Next<Self> {
        match self {
            Self::SignIn(story) => story.on_moved(caller),
            story => Next::waits(story),
        }
    }

    /// Whether it is a sign-in that has left the page.
    pub fn has_left(&self) -> bool {
        matches!(self, Self::SignIn(sign_in) if sign_in.gone().is_some())
    }

    /// Lets a form go that it shows.
    pub fn close_form(&self, ground: &mut Ground) {
        let flowing = match self {
            Self::SignIn(SignIn::Flowing(flowing)) | Self::Test(Test::Flowing(flowing, _)) => flowing,
            _ => return,
        };
        if flowing.has_asked() {
            ground.cx.ask(Effect::CloseForm);
        }
    }
}

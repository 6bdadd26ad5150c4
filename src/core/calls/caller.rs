//! What every call can reach, and how far it has come.

use super::page::Page;
use crate::core::effect::Effect;
use crate::core::error::{AuthError, Code};
use crate::core::ground::Ground;
use crate::core::http::origin::own_page;
use crate::core::input::{Answer, CallId};
use crate::core::options::Options;
use crate::core::refresh::Refresh;
use crate::core::refresh::ensured::{Ensured, Requirement};
use crate::core::value::{Map, Value};
use crate::core::waits::Waiter;

/// A call, and what it can reach while an input is handled.
#[derive(Debug)]
pub struct Caller<'a> {
    /// The call.
    pub call: CallId,
    /// The record, the values, the options, the effects.
    pub ground: &'a mut Ground,
    /// The refresh.
    pub refresh: &'a mut Refresh,
    /// What calls know of the page.
    pub page: &'a mut Page,
}

/// How far a call has come.
#[derive(Debug)]
pub enum Next<S> {
    /// It waits, in this state.
    Waits(Box<S>),
    /// It is at its end.
    Done(Result<Value, AuthError>),
}

impl<S> Next<S> {
    /// It waits, in this state: each story makes the one type that holds them all.
    pub fn waits(story: impl Into<S>) -> Self {
        Self::keep(story.into())
    }

    /// It has come to an end with an object of these members.
    pub const fn done(members: Map) -> Self {
        Self::Done(Ok(Value::Map(members)))
    }

    /// It ends with `true` or `false`.
    pub const fn is(truth: bool) -> Self {
        Self::Done(Ok(Value::Bool(truth)))
    }

    /// It has failed.
    pub const fn failed(error: AuthError) -> Self {
        Self::Done(Err(error))
    }

    #[inline(never)] // Calls begin to wait in thirty places.
    fn keep(story: S) -> Self {
        Self::Waits(Box::new(story))
    }
}

impl Caller<'_> {
    /// Who awaits the answers.
    pub const fn waiter(&self) -> Waiter {
        Waiter::Call(self.call)
    }

    /// Sees to it that there is a token; `None`: the call waits for that.
    pub fn ensure_token(&mut self, requirement: Requirement) -> Option<Ensured> {
        self.refresh.ensure_token(self.call, requirement, self.ground)
    }

    /// Goes to a page, where the options name it. Gives whether the call waits for that.
    pub fn navigate(&mut self, target: fn(&Options) -> &Option<String>) -> bool {
        let Some(target) = target(&self.ground.cx.options).clone() else { return false };
        let id = self.ground.cx.wait(self.waiter());
        self.ground.cx.ask(Effect::Navigate(id, target));
        true
    }

    /// Whether the page was shown. Where the host says why not, the user is told: nothing else has happened before their eyes.
    /// One that says nothing in time may still be on its way.
    pub fn has_navigated(&mut self, answer: Answer) -> bool {
        if let Answer::Done(Err(error)) = &answer
            && error.code != Code::Timeout
        {
            self.ground.cx.ask(Effect::Notify(error.message.clone().into_owned()));
        }
        matches!(answer, Answer::Done(Ok(())))
    }

    /// Sends away from a page that a guard has protected: a sign-in leads back to it, where the options say so.
    pub fn send_away(&mut self) -> bool {
        if self.ground.cx.options.return_to
            && let Some(page) = self.page.shown.take()
        {
            self.keep_page(page);
        }
        self.navigate(|options| &options.login)
    }

    /// Goes to the page from which a guard has sent away, else to the home page.
    pub fn come_back(&mut self) -> bool {
        match self.forget_page().filter(|_| self.ground.cx.options.return_to) {
            Some(page) => {
                let id = self.ground.cx.wait(self.waiter());
                self.ground.cx.ask(Effect::Navigate(id, page));
                true
            }
            None => self.navigate(|options| &options.home),
        }
    }

    /// This is the page to come back to.
    fn keep_page(&mut self, page: String) {
        self.ground.cx.kept = Some(page.clone());
        self.ground.cx.ask(Effect::KeepPage(Some(page)));
    }

    /// Takes the page to come back to from what a sign-in has left with, where the tab has kept none. Anybody can write there.
    pub fn recall_page(&mut self, page: Option<&str>) {
        let page = page.and_then(|page| own_page(page, self.page.base.as_deref()).filter(|own| own == page));
        if let Some(page) = page.filter(|_| self.ground.cx.kept.is_none()) {
            self.keep_page(page);
        }
    }

    /// There is no page to come back to any more; gives the one that there was.
    pub fn forget_page(&mut self) -> Option<String> {
        let page = self.ground.cx.kept.take()?;
        self.ground.cx.ask(Effect::KeepPage(None));
        Some(page)
    }

    /// What `expiresAt` is in answers.
    pub fn expires_at(&self) -> Value {
        let at = self.ground.tokens().and_then(|tokens| tokens.expires_at);
        at.map_or(Value::Null, |at| Value::Number(at.0 as f64))
    }
}

/// The first member of what calls resolve that have gone well.
pub fn ok() -> Map {
    let mut members = Map::new();
    members.set_flag("ok", true);
    members
}

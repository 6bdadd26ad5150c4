//! The calls under way. Each is a story of its own, read from its arguments to its answer; here they are begun, gone on
//! with, and settled once.

mod arrival;
pub mod caller;
mod check;
mod clean_up;
mod discard;
mod ending;
pub mod fetch;
mod going;
mod guard;
pub mod limits;
pub mod page;
pub mod permit;
mod query;
mod renewal;
mod returned;
mod sign_in;
mod sign_out;
mod story;
mod test;
mod timed_end;
mod token;
mod write;
mod writing;

use super::context::Errand;
use super::error::{AuthError, Code};
use super::ground::Ground;
use super::input::{Answer, Call, CallId};
use super::refresh::Refresh;
use super::refresh::ensured::{Ensured, NoToken, Requirement};
use super::secret::Sensitive;
use super::value::Value;
use super::vocabulary::FlowName;
use super::waits::Waiter;
use caller::{Caller, Next};
use check::Check;
use clean_up::CleanUp;
use discard::Discard;
use ending::Ending;
use fetch::Fetch;
use guard::Guard;
use page::Page;
use query::Query;
use renewal::Renewal;
use returned::{HandOver, Returned, no_callback};
use sign_in::SignIn;
use sign_out::{Revocation, SignOut};
use story::Story;
use test::Test;
use token::Token;
use write::{Exposure, Write};

/// The calls under way.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    /// Oldest first.
    under_way: Vec<(CallId, Box<Story>)>,
    /// The sign-ins among them, with their inputs and the calls that have joined them.
    sign_ins: Vec<Joint>,
    /// What they know of the page.
    pub page: Page,
}

impl Calls {
    /// Begins a call.
    pub fn begin(&mut self, call: CallId, what: Call, ground: &mut Ground, refresh: &mut Refresh) {
        if let Some(of) = self.awaited_by(&what, ground) {
            let next = Next::waits(Returned { of, what: Box::new(what) });
            return self.go_on(call, next, ground, refresh);
        }
        self.page.going = self.is_going();
        match &what {
            Call::Return(..) => self.supersede_sign_ins(SignIn::is_flowing, ground),
            Call::Signin(inputs) => {
                let has_left = |call: CallId| self.under_way.iter().any(|(id, story)| *id == call && story.has_left());
                if let Some(joint) =
                    self.sign_ins.iter_mut().find(|joint| joint.inputs == *inputs && !has_left(joint.call))
                {
                    // A double click.
                    joint.joined.push(call);
                    return;
                }
                if ground.cx.program(FlowName::Signin).is_some() {
                    self.supersede_sign_ins(SignIn::is_flowing, ground);
                }
                self.sign_ins.push(Joint { call, inputs: inputs.clone(), joined: Vec::new() });
            }
            // A sign-in whose tokens are being written counts as done: there is something to end.
            Call::Logout(_) => self.supersede_sign_ins(SignIn::is_unfinished, ground),
            _ => {}
        }
        let caller = &mut Caller { call, ground, refresh, page: &mut self.page };
        let next = match what {
            Call::Signin(inputs) => SignIn::begin(inputs, caller),
            Call::Return(pending, address) => SignIn::come_back(*pending, address, caller),
            Call::HandOver(address) => HandOver::begin(address, caller),
            Call::SigninCallback => no_callback(),
            Call::Refresh(force) => {
                let requirement =
                    Requirement { fresh: force.then_some("asked for"), skips_pause: true, ..Requirement::ANY };
                Token::Refresh.begin(requirement, caller)
            }
            Call::AccessToken(min) => Token::Access.begin(Requirement { min, ..Requirement::ANY }, caller),
            Call::Headers => Token::Headers.begin(Requirement::ANY, caller),
            Call::Extend => Token::extend(caller),
            Call::Logout(options) => {
                caller.refresh.give_up_restoring();
                SignOut::begin(options, caller)
            }
            Call::Fetch(fetch) => Fetch::begin(fetch, caller),
            Call::Run(query, params) => Query::begin(query, params, caller),
            Call::Check => Check::begin(caller),
            Call::Guard(page) => Guard::begin(page, caller),
            Call::StoreValue(key, text, persist) => Write::store(&key, text, persist, caller),
            Call::RemoveValue(key) => Write::remove(vec![key], caller),
            Call::ClearStore => Write::remove(caller.ground.values.keys(&caller.ground.record).keys(), caller),
            Call::Test(flow, inputs, open) => Test::begin(&flow, inputs, open, caller),
        };
        self.go_on(call, next, ground, refresh);
    }

    /// Begins a call of our own.
    pub fn run_errand(&mut self, errand: Errand, ground: &mut Ground, refresh: &mut Refresh) {
        let call = CallId::internal(ground.cx.waits.next_number());
        self.page.going = self.is_going();
        let caller = &mut Caller { call, ground, refresh, page: &mut self.page };
        let next = match errand {
            Errand::Expose => Exposure::begin(caller),
            Errand::Remove(keys) => Write::remove(keys, caller),
            Errand::CleanUp => CleanUp::begin(caller),
            Errand::Revoke(tokens) => Revocation::begin(tokens, caller),
            Errand::Discard(exposed) => Discard::begin(exposed, caller),
            Errand::Doubt(tokens) => Ending::begin(tokens, caller),
            Errand::KeyLost(tokens) => Ending::commit(&tokens, caller),
            Errand::Renew { sent, next } => Renewal::begin(sent, next, caller),
            Errand::Guard(page) => Guard::begin(page, caller),
            Errand::Clear(spared) => return ground.values.clear_page(&spared, &mut ground.cx),
            // The session has taken it.
            Errand::Move(_) => return,
            Errand::Returned(of, outcome) => return self.on_returned(of, &outcome, ground, refresh),
            Errand::NamedKeys(queue) => {
                for call in queue {
                    self.on_answer(call, Answer::Done(Ok(())), ground, refresh);
                }
                return;
            }
            Errand::ChangedElsewhere => {
                caller.refresh.on_other_session();
                caller.ground.cx.want(Errand::Expose);
                // Another tab ended the session: a protected page may not stay.
                let leaves = caller.ground.tokens().is_none() && std::mem::replace(&mut caller.page.guarded, false);
                if leaves { Guard::leave(caller) } else { Next::Done(Ok(Value::Undefined)) }
            }
        };
        self.go_on(call, next, ground, refresh);
    }

    /// Goes on with the call that an answer is for.
    pub fn on_answer(&mut self, call: CallId, answer: Answer, ground: &mut Ground, refresh: &mut Refresh) {
        if let Some(story) = self.take(call) {
            let caller = &mut Caller { call, ground, refresh, page: &mut self.page };
            let next = story.on_answer(answer, caller);
            self.go_on(call, next, ground, refresh);
        }
    }

    /// Goes on with a call that has waited for a token.
    pub fn on_ensured(&mut self, call: CallId, ensured: Ensured, ground: &mut Ground, refresh: &mut Refresh) {
        if let Some(story) = self.take(call) {
            self.page.going = self.is_going();
            let caller = &mut Caller { call, ground, refresh, page: &mut self.page };
            let next = story.on_ensured(ensured, caller);
            self.go_on(call, next, ground, refresh);
        }
    }

    /// The session has arrived where a sign-in wants it to rest.
    pub fn on_moved(&mut self, ground: &mut Ground, refresh: &mut Refresh) {
        while let Some(at) = self.under_way.iter().position(|(_, story)| story.waits_for_move()) {
            let (call, story) = self.under_way.remove(at);
            let caller = &mut Caller { call, ground, refresh, page: &mut self.page };
            let next = story.on_moved(caller);
            self.go_on(call, next, ground, refresh);
        }
    }

    /// Ends the test of a refresh.
    pub fn on_tested(&mut self, call: CallId, steps: Vec<Value>, result: Result<(), NoToken>, ground: &mut Ground) {
        if self.take(call).is_some() {
            let result = Test::result(Some(FlowName::Refresh), steps, result.map_err(NoToken::into_error), ground);
            self.finish(call, Ok(result), ground);
        }
    }

    /// The end: everybody who waits is told.
    pub fn dispose(&mut self, ground: &mut Ground) {
        for (call, story) in std::mem::take(&mut self.under_way) {
            story.close_form(ground);
            self.finish(call, Err(AuthError::disposed()), ground);
        }
    }

    fn go_on(&mut self, call: CallId, next: Next<Story>, ground: &mut Ground, refresh: &mut Refresh) {
        match next {
            Next::Waits(story) => self.under_way.push((call, story)),
            Next::Done(outcome) => {
                self.finish(call, outcome, ground);
                if self.page.exposing == 0 {
                    self.on_exposed(ground, refresh);
                }
            }
        }
    }

    /// What is exposed is written: the queries that have waited for it run.
    fn on_exposed(&mut self, ground: &mut Ground, refresh: &mut Refresh) {
        while let Some(at) = self.under_way.iter().position(|(_, story)| story.waits_for_exposure()) {
            let (call, story) = self.under_way.remove(at);
            let caller = &mut Caller { call, ground, refresh, page: &mut self.page };
            let next = story.on_exposed(caller);
            self.go_on(call, next, ground, refresh);
        }
    }

    fn take(&mut self, call: CallId) -> Option<Story> {
        let at = self.under_way.iter().position(|(id, _)| *id == call)?;
        Some(*self.under_way.remove(at).1)
    }

    /// Settles a call, unless it is one of our own; what it fails with loses every secret that is known.
    fn finish(&mut self, call: CallId, outcome: Result<Value, AuthError>, ground: &mut Ground) {
        let outcome = outcome.map_err(|error| ground.masked(error));
        if let Some(at) = self.sign_ins.iter().position(|joint| joint.call == call) {
            for joined in self.sign_ins.remove(at).joined {
                ground.cx.settle(joined, outcome.clone());
            }
        }
        if self.page.returning == Some(call) {
            self.page.returning = None;
        }
        if self.awaits_end_of(call) {
            ground.cx.want(Errand::Returned(call, outcome.clone()));
        }
        ground.cx.settle(call, outcome);
        ground.cx.forget_secrets(Waiter::Call(call));
    }

    /// Ends the sign-ins that are so far: a later sign-in or a sign-out decides.
    fn supersede_sign_ins(&mut self, is_old: fn(&SignIn) -> bool, ground: &mut Ground) {
        let is_meant = |story: &Story| matches!(story, Story::SignIn(sign_in) if is_old(sign_in));
        while let Some(at) = self.under_way.iter().position(|(_, story)| is_meant(story)) {
            let (call, story) = self.under_way.remove(at);
            story.close_form(ground);
            if let Story::SignIn(sign_in) = *story
                && let Some(leftover) = sign_in.give_up(ground)
            {
                let own = CallId::internal(ground.cx.waits.next_number());
                if ground.cx.waits.hand_over(Waiter::Call(call), Waiter::Call(own)) {
                    self.under_way.push((own, Box::new(leftover.into())));
                }
            }
            ground.cx.waits.forget(Waiter::Call(call));
            // Should it have been committing a record that names keys, nobody waits for that any more.
            let queue = ground.values.end_naming();
            ground.cx.want(Errand::NamedKeys(queue));
            let error = AuthError::new(Code::Superseded, "a later call has taken the place of this sign-in");
            self.finish(call, Err(error), ground);
        }
    }
}

/// A sign-in under way.
#[derive(Clone, Debug)]
struct Joint {
    call: CallId,
    inputs: Sensitive<Value>,
    joined: Vec<CallId>,
}

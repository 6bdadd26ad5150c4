//! `test(flow, inputs, { secrets })`: a flow for real, which stores nothing and goes nowhere. Only what a refresh has rotated
//! at the server is kept, or the test would end the session.

use std::sync::Arc;

use super::caller::{Caller, Next};
use crate::core::effect::Effect;
use crate::core::error::{AuthError, Code};
use crate::core::flow::flowing::{Flow, Flowing, Job};
use crate::core::flow::program::Program;
use crate::core::ground::Ground;
use crate::core::input::Answer;
use crate::core::refresh::ensured::NoToken;
use crate::core::refresh::why;
use crate::core::secret::Sensitive;
use crate::core::section::invalid;
use crate::core::trace::{tell_why, unbegun};
use crate::core::value::{Map, Value};
use crate::core::vocabulary::FlowName;

/// A test under way.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// A step of the flow, and which it is of the options'.
    Flowing(Box<Flowing>, Option<FlowName>),
    /// The refresh, which runs the flow under the lock.
    Refreshing,
}

impl Test {
    /// Begins with the flow of that name, or the one that is given.
    pub fn begin<S: From<Self>>(
        flow: &Value,
        inputs: Sensitive<Value>,
        open: bool,
        caller: &mut Caller<'_>,
    ) -> Next<S> {
        let (name, program) = match program(flow, caller) {
            Ok(found) => found,
            Err(error) => return Next::failed(error),
        };
        let of_options = matches!(flow, Value::Text(_)).then_some(name);
        let given = !matches!(inputs.data(), Value::Undefined);
        if name == FlowName::Refresh && caller.ground.tokens().is_some() {
            let test = why::Test { call: caller.call, inputs: given.then_some(inputs), open };
            return match caller.refresh.test(test, caller.ground) {
                Ok(()) => Next::waits(Self::Refreshing),
                Err(error) => Next::failed(error),
            };
        }
        let inputs = match caller.ground.tokens() {
            _ if given => inputs,
            Some(tokens) if name != FlowName::Signin => tokens.to_inputs().into(),
            _ => Value::Map(Map::new()).into(),
        };
        let job = Job { flow: name, waiter: caller.waiter(), tokens: None, limit: None, keeps_steps: Some(open) };
        let flow = Flowing::begin(program, job, inputs, caller.ground);
        Self::on_flow(flow, of_options, caller)
    }

    /// Goes on with an answer.
    pub fn on_answer<S: From<Self>>(self, answer: Answer, caller: &mut Caller<'_>) -> Next<S> {
        match self {
            Self::Flowing(flowing, name) => {
                let flow = flowing.on_answer(answer, caller.ground);
                Self::on_flow(flow, name, caller)
            }
            Self::Refreshing => Next::waits(self),
        }
    }

    /// What `test()` resolves. Why it came to nothing is told at the step that has failed, else at the last, or the first
    /// that did not begin.
    pub fn result(
        name: Option<FlowName>,
        mut steps: Vec<Value>,
        result: Result<(), AuthError>,
        ground: &Ground,
    ) -> Value {
        let mut members = Map::new();
        members.set_flag("ok", result.is_ok());
        if let Err(error) = result {
            if let (true, Some(name)) = (steps.is_empty(), name)
                && let Some(step) = ground.cx.program(name).as_ref().and_then(|program| program.waiting_step())
            {
                steps.push(unbegun(&step.id, step.action.kind(), name.as_str(), ground.cx.now));
            }
            tell_why(&mut steps, &ground.masked(error));
        }
        members.set("steps", Value::List(steps));
        Value::Map(members)
    }

    fn on_flow<S: From<Self>>(flow: Flow, name: Option<FlowName>, caller: &mut Caller<'_>) -> Next<S> {
        let (mut flowing, result) = match flow {
            Flow::Waits(flowing) => return Next::waits(Self::Flowing(flowing, name)),
            Flow::Ended(flowing, result) => (flowing, result),
        };
        if flowing.has_asked() {
            caller.ground.cx.ask(Effect::CloseForm);
        }
        caller.ground.drop_key(flowing.run().key.as_ref());
        let result = result.and_then(|()| verdict(name, &flowing, caller.ground));
        let steps = std::mem::take(&mut flowing.steps);
        Next::Done(Ok(Self::result(name, steps, result, caller.ground)))
    }
}

/// Why the real call would fail with what its flow has given.
fn verdict(name: Option<FlowName>, flowing: &Flowing, ground: &Ground) -> Result<(), AuthError> {
    match name {
        // Where it would leave the page it ends without an answer.
        Some(FlowName::Signin | FlowName::Refresh) if flowing.gone().is_none() => flowing.tokens(ground).map(drop),
        Some(FlowName::Check) if ground.tokens().is_none() => Err(NoToken::SignedOut.into_error()),
        Some(FlowName::Check) if flowing.says_no(ground) => {
            Err(AuthError::new(Code::SignedOut, "the answer says that nobody is signed in"))
        }
        _ => Ok(()),
    }
}

fn program(flow: &Value, caller: &Caller<'_>) -> Result<(FlowName, Arc<Program>), AuthError> {
    let Value::Text(word) = flow else {
        return Ok((FlowName::Signin, Arc::new(Program::parse(flow, "flow")?)));
    };
    let name = FlowName::of(word)
        .ok_or_else(|| invalid("flow", "must be one of signin, refresh, revoke, check, or a flow"))?;
    let program = caller.ground.cx.program(name);
    Ok((name, program.ok_or_else(|| invalid("flow", "the options have no such flow"))?))
}

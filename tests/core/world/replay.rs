//! Every scenario is recorded, and played again at its end: the same inputs give the same effects.

use std::thread;

use doorkey::core::effect::Effect;
use doorkey::core::input::Input;
use doorkey::core::options::Options;
use doorkey::core::session::{Session, Setting};
use doorkey::core::time::UnixMillis;

use super::assert_clean;

/// What went into a session and what came out of it, in their order.
#[derive(Debug)]
pub struct Recording {
    begin: Box<(Options, Setting, UnixMillis)>,
    turns: Vec<Turn>,
}

#[derive(Debug)]
enum Turn {
    In(Input, UnixMillis),
    Out(Effect),
}

impl Recording {
    /// The recording of a session that begins like this.
    pub fn of(options: Options, setting: Setting, now: UnixMillis) -> Self {
        Self { begin: Box::new((options, setting, now)), turns: Vec::new() }
    }

    /// Takes down an input; what is printed of it holds no secret.
    pub fn input(&mut self, input: &Input, now: UnixMillis) {
        assert_clean(input, "what is printed of an input");
        self.turns.push(Turn::In(input.clone(), now));
    }

    /// Takes down an effect; what is printed of it holds no secret.
    pub fn effect(&mut self, effect: &Effect) {
        assert_clean(effect, "what is printed of an effect");
        self.turns.push(Turn::Out(effect.clone()));
    }

    fn replay(&self) {
        let (options, setting, now) = (*self.begin).clone();
        let mut session = Session::new(options, setting, now);
        for (at, turn) in self.turns.iter().enumerate() {
            match turn {
                Turn::In(input, now) => session.handle(input.clone(), *now),
                Turn::Out(effect) => {
                    assert_eq!(session.poll_effect().as_ref(), Some(effect), "turn {at} of {}", self.turns.len());
                }
            }
        }
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        if !thread::panicking() {
            self.replay();
        }
    }
}

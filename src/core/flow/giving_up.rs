//! What becomes of a flow that nobody waits for any more: no tokens that it has got stay alive at the server.

use std::sync::Arc;

use super::flowing::Flowing;
use super::program::Action;
use crate::core::context::Errand;
use crate::core::ground::Ground;
use crate::core::input::Answer;
use crate::core::token::{self, Tokens};

impl Flowing {
    /// Takes in the answer to the step that waits, and goes no further.
    pub fn stop(&mut self, answer: Answer, ground: &Ground) {
        if let (Answer::Step(result), None) = (answer, self.beginning) {
            let ambient = ground.ambient(self.job.tokens.as_ref());
            self.run.resume(&self.program, Some(result), ambient, ground.cx.platform, &mut Vec::new());
        }
    }

    /// Wants the tokens revoked that its steps have got: nobody keeps them.
    pub fn revoke_all(&self, ground: &mut Ground) {
        let mut found: Vec<Arc<Tokens>> = Vec::new();
        for step in &self.program.steps {
            let result = self.run.results.data().get(&step.id);
            let value = match step.action {
                Action::Request(_) | Action::Authorize(_) => result.and_then(|result| result.member("body")),
                Action::Form(_) | Action::Define(_) => None,
                _ => result,
            };
            let Some(value) = value else { continue };
            let answer = token::Answer { value, ..self.run.answer(ground.cx.now) };
            if let Ok(mut tokens) = Tokens::read(&answer, &ground.cx.options.tokens, ground.cx.platform)
                && (tokens.access.is_some() || tokens.refresh.is_some())
                && !found.iter().any(|known| known.access == tokens.access)
            {
                tokens.origins.clone_from(&self.run.origins);
                tokens.servers.clone_from(&self.servers);
                tokens.key.clone_from(&self.run.key);
                found.push(Arc::new(tokens));
            }
        }
        for tokens in found {
            ground.cx.want(Errand::Revoke(tokens));
        }
        ground.drop_key(self.run.key.as_ref());
    }
}

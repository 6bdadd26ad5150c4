//! What must not be seen of a flow's steps.

use super::flowing::Flowing;
use super::seen::is_same;
use crate::core::ground::Ground;
use crate::core::redact::Secrets;
use crate::core::token::Tokens;
use crate::core::trace::Done;

impl Flowing {
    /// Whoever waits for the flow knows what it knows: now also what these steps have found out.
    pub(super) fn keep_secrets(&mut self, done: &[Done], ground: &mut Ground) {
        let mut secrets = Secrets::default();
        self.run.leaving.add_secrets(&mut secrets);
        if self.known.is_none() || done.iter().any(|done| done.scope.added().is_none()) {
            self.run.add_secrets(&self.program, &mut secrets);
            self.job.tokens.iter().for_each(|tokens| secrets.add_tokens(tokens));
        } else {
            for added in done.iter().filter_map(|done| done.scope.added()) {
                secrets.add_members_of(added);
                self.program.add_secrets(added, &mut secrets);
            }
        }
        if !done.is_empty() {
            // The options may say that a token stands under a name that does not look secret.
            let answer = self.run.answer(ground.cx.now);
            if let Ok(tokens) = Tokens::read(&answer, &ground.cx.options.tokens, ground.cx.platform) {
                secrets.add_tokens(&tokens);
            }
        }
        // Its steps see the session, which may be another by the end.
        if !self.known.as_ref().is_some_and(|known| is_same(known.as_ref(), ground.tokens())) {
            ground.add_secrets(&mut secrets);
            self.known = Some(ground.tokens().cloned());
        }
        ground.cx.keep_secrets(self.job.waiter, secrets);
    }
}

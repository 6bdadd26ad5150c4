//! What must not be seen of a flow's steps.

use super::flowing::Flowing;
use crate::core::ground::Ground;
use crate::core::redact::Secrets;
use crate::core::token::Tokens;

impl Flowing {
    /// Whoever waits for the flow knows what it knows.
    pub(super) fn keep_secrets(&self, ground: &mut Ground) {
        let mut secrets = Secrets::default();
        self.run.add_secrets(&self.program, &mut secrets);
        // The options may say that a token stands under a name that does not look secret.
        let answer = self.run.answer(ground.cx.now);
        if let Ok(tokens) = Tokens::read(&answer, &ground.cx.options.tokens, ground.cx.platform) {
            secrets.add_tokens(&tokens);
        }
        self.job.tokens.iter().for_each(|tokens| secrets.add_tokens(tokens));
        // Its steps see the session, which may be another by the end.
        ground.add_secrets(&mut secrets);
        ground.cx.keep_secrets(self.job.waiter, secrets);
    }
}

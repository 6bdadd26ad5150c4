//! Who has refused tokens: an API that refuses every token is no reason to refresh again and again.

use crate::core::time::{Millis, UnixMillis};

/// So long after a refresh another refusal by the same API is taken for its last word.
const LAST_WORD: Millis = Millis(30_000);

/// The refusals of late.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Refusals {
    /// Whoever has refused a token since the last refresh.
    open: Vec<String>,
    /// For whom the last refresh was made, and when.
    answered: Vec<(String, UnixMillis)>,
}

impl Refusals {
    /// Takes in a refusal. Gives whether a refresh may help.
    pub fn may_help(&mut self, refuser: &str, now: UnixMillis) -> bool {
        // A clock that was put back makes the past the future: nothing is known of it then.
        self.answered.retain(|(_, at)| *at <= now && now.since(*at) < LAST_WORD);
        if self.answered.iter().any(|(answered, _)| answered == refuser) {
            return false;
        }
        if !self.open.iter().any(|open| open == refuser) {
            self.open.push(refuser.to_owned());
        }
        true
    }

    /// There are new tokens. Those that nobody's refusal has brought about may be refused anew.
    pub fn on_refreshed(&mut self, now: UnixMillis) {
        if self.open.is_empty() {
            self.answered.clear();
        }
        self.answered.extend(self.open.drain(..).map(|refuser| (refuser, now)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_refresh_in_half_a_minute_is_made_of_one_apis_refusals() {
        let at = |second: u64| UnixMillis(1_800_000_000_000 + second * 1000);
        let mut refusals = Refusals::default();

        assert!(refusals.may_help("a", at(0)) && refusals.may_help("a", at(0)), "nothing was tried yet");
        refusals.on_refreshed(at(1));
        assert!(!refusals.may_help("a", at(2)) && refusals.may_help("b", at(2)), "another API is another");
        assert!(!refusals.may_help("a", at(30)) && refusals.may_help("a", at(31)));
    }

    #[test]
    fn all_who_have_refused_have_had_the_refresh() {
        let at = |second: u64| UnixMillis(1_800_000_000_000 + second * 1000);
        let mut refusals = Refusals::default();
        assert!(refusals.may_help("a", at(0)) && refusals.may_help("b", at(0)) && refusals.may_help("b", at(0)));
        refusals.on_refreshed(at(1));
        assert!(!refusals.may_help("a", at(2)) && !refusals.may_help("b", at(2)));
        assert_eq!(refusals.answered.len(), 2, "once each");
    }

    #[test]
    fn a_token_that_no_refusal_brought_about_may_be_refused() {
        let at = |second: u64| UnixMillis(1_800_000_000_000 + second * 1000);
        let mut refusals = Refusals::default();
        assert!(refusals.may_help("a", at(0)));
        refusals.on_refreshed(at(1));
        refusals.on_refreshed(at(2));
        assert!(refusals.may_help("a", at(3)), "by the timer, or by force");
    }
}

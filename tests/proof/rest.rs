//! What has become of the session when everything is at rest, and has healed.

use crate::rules::{Ask, Seed};
use crate::world::{Past, World};

const MINUTE: u64 = 60_000;

/// The most refreshes in the twelve minutes of healing, in which tokens come due once: by all tabs.
const MOST_IN_A_LIFETIME: u32 = 3;

/// The most refreshes in twenty minutes in which the server is away, by all tabs.
const MOST_OF_AN_OUTAGE: u32 = 25;

/// What does not hold at rest, if anything.
pub fn broken(world: &World) -> Option<String> {
    let mut healed = world.clone();
    healed.left.asks = u8::MAX;
    healed.heal(2 * MINUTE);
    healed.look_up();
    healed.heal(10 * MINUTE);
    let asked = healed.server.asked - world.server.asked;
    if asked > MOST_IN_A_LIFETIME {
        healed.breaks(format!("no refresh loop: {asked} refreshes in twelve minutes"));
    }
    if let Some(tab) = healed.tabs.iter().position(|tab| tab.open && !tab.pending.is_empty()) {
        healed.breaks(format!("every call settles once: tab {tab} still waits"));
    }
    healed.agree();
    healed.hold_the_session();
    if world.rules.outage {
        world.clone().bear_an_outage(&mut healed);
    }
    healed.broken
}

impl World {
    /// Lets time pass: every timer runs, and nothing goes wrong.
    fn heal(&mut self, span: u64) {
        let until = self.now + span;
        self.run_dry();
        while self.broken.is_none() && self.rules.seed != Some(Seed::NoTimers) {
            let tabs = self.tabs.iter().enumerate().filter(|(_, tab)| tab.listens());
            let next = tabs.filter_map(|(number, tab)| Some((tab.due()?, number))).min();
            let Some((_, tab)) = next.filter(|(due, _)| *due <= until) else { break };
            self.tick(tab);
            self.run_dry();
        }
        self.set_clock(self.now.max(until));
    }

    /// Somebody looks at each page.
    fn look_up(&mut self) {
        for tab in 0..self.tabs.len() {
            self.tabs[tab].tell(&doorkey::core::input::Hint::Visible(true));
        }
        self.run_dry();
    }

    /// Every tab that shares the storage has the token that is stored, or none has one.
    fn agree(&mut self) {
        let tabs: Vec<_> = (0..self.tabs.len()).filter(|tab| self.tabs[*tab].open && !self.tabs[*tab].alone).collect();
        let mut tokens = Vec::new();
        for tab in tabs {
            self.settled = Some(Vec::new());
            self.ask(tab, Ask::Token);
            self.run_dry();
            match self.settled.take().unwrap_or_default().into_iter().next() {
                Some((_, token)) => tokens.push((tab, token)),
                None => return self.breaks(format!("every call settles once: tab {tab} gets no word")),
            }
        }
        let stored = self.record.clone().unwrap_or_default();
        for (tab, token) in tokens {
            let agrees = match &token {
                Some(token) => stored.contains(&format!("\"{token}\"")),
                None => !stored.contains("\"tokens\""),
            };
            if !agrees {
                self.breaks(format!("tabs end in agreement: tab {tab} has {token:?}, stored is {stored}"));
            }
            if self.past.is_out && token.is_some() {
                self.breaks(format!("no token lives after a sign-out: tab {tab} has {token:?}"));
            }
        }
    }

    /// The server and the tabs mean the same session.
    fn hold_the_session(&mut self) {
        let Past { without_lock, late, lost, failed, cleared, is_out, signs_out } = self.past;
        if late || lost || cleared {
            // Tokens that the server gave may never have come, or are out of our reach.
            return;
        }
        let alive = self.server.alive();
        if !failed && alive > usize::from(!is_out) {
            self.breaks(format!("no token lives after a sign-out: the server still takes those of {alive} sessions"));
        }
        if signs_out || without_lock {
            return;
        }
        let what = "a session that the server still takes is never ended by us";
        match self.stored_token().map(str::to_owned) {
            None if alive > 0 && !failed => self.breaks(format!("{what}: it takes one, and none is stored")),
            Some(stored) => {
                if let Some(good) = self.server.good(&stored).filter(|good| *good != stored) {
                    self.breaks(format!("{what}: it takes {good}, and stored is {stored}"));
                }
            }
            None => {}
        }
    }

    /// The server is away when tokens come due, and comes back.
    fn bear_an_outage(mut self, healed: &mut Self) {
        let asked = self.server.asked;
        self.server.away = true;
        self.heal(20 * MINUTE);
        let asked = self.server.asked - asked;
        if asked > MOST_OF_AN_OUTAGE {
            healed.breaks(format!("no refresh loop: {asked} refreshes in twenty minutes of an outage"));
        }
        if let Some(broken) = self.broken {
            healed.breaks(broken);
        }
    }
}

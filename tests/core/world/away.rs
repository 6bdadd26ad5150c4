//! Pages that are left for a provider, and come up again.

use doorkey::core::effect::Effect;
use doorkey::core::input::{Answer, Call, CallId, EffectId, Input};
use doorkey::core::secret::Secret;

use super::perform::Work;
use super::{Made, World};

impl World {
    /// Makes a call in a page that has come up at an address, which it looks at.
    pub fn call_at(&mut self, tab: usize, address: &str, call: Call) -> CallId {
        self.next_number += 1;
        let id = CallId(self.next_number as u32);
        self.made.insert(id, Made { tab, outcome: None, is_open: false });
        self.tabs[tab].address = address.to_owned();
        let kept = self.kept(tab);
        self.input(tab, Input::Arrived { address: address.into(), kept, call: Some((id, call)) });
        id
    }

    /// What is kept of sign-ins that have left this tab.
    pub(super) fn kept(&self, tab: usize) -> Vec<(String, Secret)> {
        let kept = self.tabs[tab].stowed.iter().flatten();
        kept.map(|(key, text)| (key.clone(), text.as_str().into())).collect()
    }

    /// What a call that has left the page waits for.
    pub fn awaited(&self, tab: usize) -> EffectId {
        *self.tabs[tab].leaves.last().expect("it has left")
    }

    /// The page of a tab comes up at an address, and somebody asks whether it is an answer.
    pub fn come_up(&mut self, tab: usize, address: &str) {
        self.tabs[tab].address = address.to_owned();
        let kept = self.kept(tab);
        self.input(tab, Input::Arrived { address: address.into(), kept, call: None });
    }

    /// Does what a sign-in elsewhere asks of the page.
    pub(super) fn take_away(&mut self, tab: usize, effect: Effect) {
        match effect {
            Effect::Remember(text) => self.metadata = Some(text),
            Effect::OpenPopup => self.tabs[tab].popups += 1,
            Effect::HandOver(id, address) => {
                let is_taken = self.takes_over.as_ref() == Some(&address);
                if is_taken {
                    self.job(tab, self.delays.message, Work::Answer(id, Answer::Done(Ok(()))));
                }
            }
            Effect::TakeOut(key) => {
                if let Some(kept) = &mut self.tabs[tab].stowed {
                    kept.remove(&key);
                }
            }
            Effect::ReplaceLocation(address) => self.tabs[tab].address = address.into_exposed(),
            other => panic!("{other:?} asks nothing of the page"),
        }
    }
}

//! Hints between tabs. They carry no token: a tab that hears one looks at the storage itself.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent};

/// A channel to the other tabs; dropping it closes it.
#[derive(Debug)]
pub struct Channel {
    channel: BroadcastChannel,
    _hear: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    /// Opens the channel of that name; `None` where there are none.
    pub fn open(name: &str, mut hear: impl FnMut(&str) + 'static) -> Option<Self> {
        if !super::global("BroadcastChannel").is_function() {
            return None;
        }
        let channel = BroadcastChannel::new(name).ok()?;
        let hear = Closure::new(move |event: MessageEvent| {
            if let Some(word) = event.data().as_string() {
                hear(&word);
            }
        });
        channel.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        super::unref(&channel);
        Some(Self { channel, _hear: hear })
    }

    /// Says a word to the other tabs.
    pub fn say(&self, word: &str) {
        let _ = self.channel.post_message(&JsValue::from_str(word));
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.close();
    }
}

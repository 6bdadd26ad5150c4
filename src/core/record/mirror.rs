//! The record that tabs share, or the host's copy of it.

use super::envelope::{Record, State};
use crate::core::context::Context;
use crate::core::effect::Effect;
use crate::core::secret::Secret;
use crate::core::time::Millis;

/// So long a host's store may lag behind the record that tabs share.
const MIRROR_LAG: Millis = Millis(30_000);

/// Whether a host's store that is the only place shows what stood there before this page wrote: it has yet to take that in.
/// What other tabs write, a tombstone too, is of a later generation; nothing at all counts once our own should be there.
pub(super) fn is_late(written: &Option<Secret>, text: &Option<Secret>, cx: &Context) -> bool {
    let of = |text: &Option<Secret>| Record::of(text.as_ref(), cx.platform).unwrap_or_default();
    let known = of(written);
    cx.now.since(known.changed_at) < MIRROR_LAG && of(text).generation < known.generation
}

/// Chooses between the two, and writes what tabs share to a copy that lags.
///
/// A host that has lost its copy has lost the session (its own sign-out clears its store), unless the shared record is so
/// young that the copy may still be on its way.
pub(super) fn choose(shared: Record, text: &Option<Secret>, copy: &Option<Secret>, cx: &mut Context) -> Record {
    let is_young = cx.now.since(shared.changed_at) < MIRROR_LAG;
    match Record::of(copy.as_ref(), cx.platform) {
        // What the host's copy said before is forgotten; what tabs share is written to it. Which keys are ours, only the
        // record says that is out of the host's reach.
        Some(copied) if copied.generation > shared.generation => Record { keys: shared.keys, ..copied },
        // Written there again, the session would be back at the next look.
        None if !is_young => Record { state: State::Empty, ..shared },
        _ => {
            if let Some(text) = text.as_ref().filter(|_| copy != text) {
                cx.ask(Effect::Mirror(text.clone()));
            }
            shared
        }
    }
}

//! The keeper of the record, alone.
#![allow(clippy::unwrap_used)] // A test that panics has failed, and says where.

use super::*;
use crate::core::options::Options;
use crate::core::testing::{PLATFORM, json};
use crate::core::time::UnixMillis;

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);

fn context() -> Context {
    Context::new(Options::parse(&json("{}")).unwrap(), PLATFORM, None, 7, NOW)
}

fn live(access: &str) -> State {
    State::Live(Arc::new(Tokens { access: Some(access.into()), received_at: NOW, ..Tokens::default() }))
}

/// A keeper that has found a live record in local storage.
fn opened(cx: &mut Context) -> Keeper {
    let mut keeper = Keeper::new(Storage::Local);
    keeper.open(Some(Record::default().next(live("one"), NOW).to_text()), None, cx);
    keeper
}

fn effects(cx: &mut Context) -> Vec<Effect> {
    std::iter::from_fn(|| cx.poll_effect()).collect()
}

#[test]
fn a_commit_names_the_text_that_it_is_based_on() {
    let mut cx = context();
    let mut keeper = opened(&mut cx);
    let (before, next) = (keeper.record().to_text(), keeper.next(State::SignedOut, &cx));

    assert!(!keeper.commit(&next, Waiter::Refresh, &mut cx), "it is waited for");

    let effects = effects(&mut cx);
    let [Effect::Commit { expected, text, .. }] = effects.as_slice() else { panic!("one commit: {effects:?}") };
    assert_eq!((expected.as_ref(), text), (Some(&before), &next.to_text()));
    assert!(keeper.tokens().is_some(), "what is not committed is not the record");
}

#[test]
fn a_commit_that_is_applied_is_announced_to_the_other_tabs() {
    let mut cx = context();
    let mut keeper = opened(&mut cx);
    let (next, revision) = (keeper.next(State::SignedOut, &cx), keeper.revision());

    assert_eq!(keeper.on_committed(next, Commit::Applied, Other::Adopted, &mut cx), Committed::Kept);

    assert!(keeper.tokens().is_none() && keeper.revision() != revision);
    assert_eq!(effects(&mut cx), [Effect::Announce(crate::core::effect::Word::Changed)]);
}

#[test]
fn a_commit_that_is_lost_adopts_what_is_stored_and_tells_it_unless_it_decides_anew() {
    for (other, is_replaced) in [(Other::Adopted, false), (Other::Replaced, true)] {
        let mut cx = context();
        let mut keeper = opened(&mut cx);
        let next = keeper.next(State::Expired, &cx);
        let winner = Commit::Lost(Some(keeper.next(live("two"), &cx).to_text()));

        assert_eq!(keeper.on_committed(next, winner, other, &mut cx), Committed::Lost);

        assert_eq!(keeper.tokens().and_then(|tokens| tokens.access.as_ref()).map(Secret::expose), Some("two"));
        assert_eq!(effects(&mut cx).is_empty(), is_replaced);
        assert_eq!(cx.poll_errand().is_none(), is_replaced);
    }
}

#[test]
fn a_storage_that_fails_leaves_the_record_in_memory_and_is_told_once() {
    let mut cx = context();
    let mut keeper = opened(&mut cx);

    for _ in 0..2 {
        let next = keeper.next(live("two"), &cx);
        keeper.on_committed(next, Commit::Failed(Code::StorageFull), Other::Adopted, &mut cx);
    }

    assert!(keeper.is_detached() && keeper.tokens().is_some());
    assert_eq!(effects(&mut cx).len(), 1);
    assert!(keeper.commit(&keeper.next(State::SignedOut, &cx), Waiter::Refresh, &mut cx), "nothing to wait for");
    keeper.reread(&mut cx);
    assert_eq!(effects(&mut cx), [], "and nothing to look at");
    keeper.try_storage_again();
    assert!(!keeper.is_detached(), "a full storage may have room again");
}

#[test]
fn a_hosts_copy_wins_when_it_is_newer_and_ends_the_session_when_it_is_gone() {
    let shared = Record { generation: 3, ..Record::default().next(live("shared"), UnixMillis(NOW.0 - 60_000)) };
    let newer = Record { generation: 4, ..shared.next(live("copied"), NOW) };
    let rows = [(Some(newer), Some("copied")), (Some(shared.clone()), Some("shared")), (None, None)];
    for (copy, access) in rows {
        let mut cx = context();
        let mut keeper = Keeper::new(Storage::Host);
        keeper.open(Some(shared.to_text()), Some(copy.map(|copy| copy.to_text())), &mut cx);
        assert_eq!(keeper.tokens().and_then(|tokens| tokens.access.as_ref()).map(Secret::expose), access);
    }
}

#[test]
fn a_mark_is_the_same_in_every_version_and_tells_where_the_key_ends() {
    // FNV-1a of the key, a null and the text, without its last eleven bits: what is stored today is looked at tomorrow.
    assert_eq!(mark_of("theme", "\"dark\""), 1_824_944_244_250_376);
    assert_eq!(mark_of("them", "e\"dark\""), 717_744_365_048_541);
    assert_eq!(mark_of("", ""), 6_170_973_201_023_030);
}

//! What goes with a sign-in by redirect: windows of their own, tests, metadata, a sign-out at the provider, a refresh.

use std::collections::BTreeMap;

use doorkey::core::error::Code;
use doorkey::core::failure::Failure;
use doorkey::core::flow::step::StepResult;
use doorkey::core::input::{Answer, Call, Input, LogoutCall};
use doorkey::core::value::Value;
use doorkey::core::vocabulary::{EventKind, GuardedPage};

use crate::redirect::{OPTIONS, called_back, come_back, leave, left, options};
use crate::testing::json;
use crate::world::{MINUTE, World, code};

const POPUP: &str = r#""mode": "popup", "#;

fn popup_options() -> Value {
    json(&OPTIONS.replace(r#""authorize": { "#, &[r#""authorize": { "#, POPUP].concat()))
}

#[test]
fn a_sign_in_that_leaves_no_page_opens_no_window() {
    let world = World::signed_in("{}");
    assert_eq!(world.tabs[0].popups, 0);
}

#[test]
fn a_window_of_its_own_is_opened_in_the_click_before_anything_is_known() {
    let mut world = World::default();
    world.disk.hangs = true;
    world.open(&popup_options());
    world.call(0, Call::Signin(json("{}").into()));
    assert_eq!(world.tabs[0].popups, 1, "the storage has not even answered");
}

#[test]
fn the_page_in_the_window_hands_its_address_over_and_nothing_of_it_settles() {
    let mut world = World::with_options(&popup_options());
    let address = "https://app.example/login?code=x&state=unknown-here";
    world.takes_over = Some(address.into());
    let first = world.call_at(0, address, Call::Guard(GuardedPage::Login));
    let calls = [Call::Guard(GuardedPage::Protected), Call::SigninCallback, Call::Signin(json("{}").into())];
    let calls = calls.map(|call| world.call(0, call)).into_iter().chain([first]);
    world.advance(10 * MINUTE);
    for call in calls {
        assert!(world.is_pending(call), "{call:?}");
    }
    assert_eq!(world.server.seen.len(), 0, "and nothing is sent");
}

#[test]
fn where_nobody_takes_the_address_everything_goes_on_after_a_second() {
    let mut world = World::with_options(&popup_options());
    let address = "https://app.example/login?code=x&state=unknown-here";
    let (guard, callback) =
        (world.call_at(0, address, Call::Guard(GuardedPage::Login)), world.call(0, Call::SigninCallback));
    let signin = world.call(0, Call::Signin(json("{}").into()));
    world.advance(900);
    assert!(world.is_pending(guard));
    world.advance(200);
    assert_eq!(world.outcome(guard), Some(Ok(Value::Bool(true))));
    assert_eq!(world.outcome(callback).unwrap().unwrap().member("reason"), Some(&"no-callback".into()));
    world.advance(1000);
    assert!(world.is_pending(signin) && world.tabs[0].left.len() == 1, "it has begun and left");
}

#[test]
fn a_test_ends_at_the_step_and_shows_where_it_would_go() {
    let mut world = World::with_options(&options());
    let call = Call::Test("signin".into(), json("{}").into(), false);
    let said = world.run(0, call).expect("it runs");
    assert_eq!(said.member("ok"), Some(&Value::Bool(true)));
    let Some(Value::List(steps)) = said.member("steps") else { panic!("{said:?}") };
    let scope = steps[0].member("scope").and_then(|scope| scope.member("authorize1"));
    let url = scope.and_then(|step| step.member("url")).and_then(Value::as_text).unwrap_or_default();
    assert!(url.starts_with("https://op.example/auth?") && url.contains("state=[redacted]"), "{url}");
    assert!(url.contains("nonce=[redacted]"), "{url}");
    assert!(world.tabs[0].left.is_empty() && world.tabs[0].stowed.as_ref().is_some_and(BTreeMap::is_empty));
}

#[test]
fn metadata_is_asked_for_once_a_day_by_all_tabs() {
    let (mut world, _, url) = left();
    let back = world.server.provider.approve(&url);
    called_back(&mut world, &back).expect("it signs in");
    world.open(&options());
    world.settle();
    world.refresh(1, true).expect("it refreshes");
    assert_eq!(world.server.count("/.well-known/openid-configuration"), 1);
}

#[test]
fn a_sign_out_goes_on_at_the_provider_and_comes_back_to_a_clean_address() {
    let (mut world, _, url) = left();
    let back = world.server.provider.approve(&url);
    called_back(&mut world, &back).expect("it signs in");
    let call = world.call(0, Call::Logout(Default::default()));
    world.advance(1000);
    assert!(world.is_pending(call), "it does not settle while the page leaves");
    assert_eq!(world.server.provider.revoked, ["canary-refresh-0"]);
    assert!(!world.is_signed_in(0));
    let url = world.tabs[0].left.last().cloned().unwrap_or_default();
    let asked = doorkey::core::oauth::address::Address::parse(&url);
    assert_eq!(asked.page, "https://op.example/end");
    assert!(asked.param("id_token_hint").is_some_and(|hint| hint.ends_with(".canary-signature")));
    assert_eq!(asked.param("client_id").as_deref(), Some("app"));
    assert_eq!(asked.param("post_logout_redirect_uri").as_deref(), Some("https://app.example/login"));

    let state = asked.param("state").unwrap_or_default();
    let guard = come_back(&mut world, &["https://app.example/login?lang=en&state=", &state].concat());
    assert_eq!(world.wait(guard), Ok(Value::Bool(true)));
    assert_eq!(world.tabs[0].address, "https://app.example/login?lang=en");
}

#[test]
fn nobody_else_navigates_while_a_sign_out_leaves_for_the_provider() {
    let (mut world, _, url) = left();
    let back = world.server.provider.approve(&url);
    called_back(&mut world, &back).expect("it signs in");
    world.forget();
    let first = world.call(0, Call::Logout(Default::default()));
    let (mut others, mut guards) = (Vec::new(), Vec::new());
    // While it revokes, and once it has left.
    for _ in 0..2 {
        others.push(world.call(0, Call::Logout(Default::default())));
        guards.push(world.call(0, Call::Guard(GuardedPage::Protected)));
        world.advance(1000);
    }
    for guard in guards {
        assert_eq!(world.outcome(guard), Some(Ok(Value::Bool(false))), "its page goes");
    }
    assert!(others.iter().chain([&first]).all(|call| world.is_pending(*call)), "none settles while the page leaves");
    assert_eq!(world.tabs[0].navigations, [""; 0]);

    let gone = json(r#"{ "code": "ERR_CANCELLED", "message": "the page is back" }"#);
    let id = world.awaited(0);
    world.input(0, Input::Answer(id, Answer::Step(StepResult::Failed(Failure { thrown: gone.into(), cause: None }))));
    let outcome = world.wait(first);
    assert_eq!(outcome.clone().map(|said| said.member("navigated").cloned()), Ok(Some(Value::Bool(true))));
    for call in others {
        let said = world.wait(call).expect("it is no error");
        assert_eq!(
            (said.member("navigated"), said.member("revoked")),
            (Some(&Value::Bool(true)), Some(&Value::Bool(false)))
        );
    }
    assert_eq!(world.tabs[0].navigations, ["Login"], "once");
    world.run(0, Call::Guard(GuardedPage::Protected)).expect("it is asked");
    world.run(0, Call::Logout(Default::default())).expect("it signs out");
    assert_eq!(world.tabs[0].navigations, ["Login"; 3], "whoever is still there is free again");
}

#[test]
fn a_guard_lets_a_sign_in_leave_but_not_hold_the_page_by_a_window() {
    for (popup, expected) in [(false, 0), (true, 1)] {
        let mut world = World::with_options(&if popup { popup_options() } else { options() });
        leave(&mut world);
        assert_eq!(world.run(0, Call::Guard(GuardedPage::Protected)), Ok(Value::Bool(false)));
        assert_eq!(world.tabs[0].navigations.len(), expected, "{popup}");
    }
}

#[test]
fn a_sign_out_that_stays_or_shall_not_go_there_does_not() {
    for (extra, stays) in [("{}", true), (r#"{ "endSession": false }"#, false)] {
        let mut given = options();
        if let (Value::Map(given), Value::Map(extra)) = (&mut given, json(extra)) {
            given.extend(&extra);
        }
        let mut world = World::with_options(&given);
        let (_, url) = leave(&mut world);
        let back = world.server.provider.approve(&url);
        world.come_up(0, &back);
        world.run(0, Call::SigninCallback).expect("it signs in");
        let left = world.tabs[0].left.len();
        let call = LogoutCall { stay: stays, ..LogoutCall::default() };
        assert_eq!(
            world.run(0, Call::Logout(call)).map(|said| said.member("ok").cloned()),
            Ok(Some(Value::Bool(true)))
        );
        assert_eq!(world.tabs[0].left.len(), left, "{extra}");
    }
}

#[test]
fn an_answer_that_needs_nothing_more_is_told_to_the_call_that_has_looked() {
    let (mut world, _, url) = left();
    let back = world.server.provider.refuse(&url, "access_denied");
    world.close(0);
    world.reopen(0, &options(), BTreeMap::new());
    world.settle();
    // Nothing is left to wait for: the storage has answered, the metadata is known.
    world.call(0, Call::Signin(json("{}").into()));
    world.advance(1000);
    let call = world.call_at(0, &back, Call::SigninCallback);
    assert_eq!(world.wait(call).map_err(|error| error.code), Err(Code::Cancelled));
}

#[test]
fn a_refresh_that_gives_the_tokens_of_somebody_else_ends_the_session() {
    for is_test in [false, true] {
        let (mut world, _, url) = left();
        let back = world.server.provider.approve(&url);
        called_back(&mut world, &back).expect("it signs in");
        world.server.provider.subject = "bob".to_owned();
        if is_test {
            let tested = world.run(0, Call::Test(Value::from("refresh"), Value::Undefined.into(), false)).unwrap();
            assert_eq!(tested.member("ok"), Some(&Value::Bool(false)));
        } else {
            assert_eq!(code(&world.refresh(0, true)), Some(Code::InvalidResponse));
        }
        world.advance(1000);
        assert!(!world.is_signed_in(0));
        assert_eq!(world.told(0).last(), Some(&(EventKind::Expired, Some("ERR_INVALID_RESPONSE"))), "{is_test}");
        assert_eq!(world.server.provider.revoked, ["canary-refresh-1"]);
    }
}

#[test]
fn an_answer_takes_the_place_of_a_sign_in_that_is_about_to_leave() {
    let (mut world, _, url) = left();
    let back = world.server.provider.approve(&url);
    world.close(0);
    world.reopen(0, &options(), BTreeMap::new());
    world.settle();
    let about_to_leave = world.call(0, Call::Signin(json("{}").into()));
    let before = world.tabs[0].left.len();
    world.come_up(0, &back);
    world.run(0, Call::SigninCallback).expect("it signs in");
    world.advance(MINUTE);
    assert_eq!(world.outcome(about_to_leave).as_ref().and_then(code), Some(Code::Superseded));
    assert_eq!(world.tabs[0].left.len(), before, "nobody is sent away who is signed in");
}

#[test]
fn an_address_that_answers_nothing_is_handed_to_nobody() {
    let mut world = World::with_options(&popup_options());
    let guard = world.call_at(0, "https://app.example/login?lang=en", Call::Guard(GuardedPage::Login));
    assert_eq!(world.outcome(guard), Some(Ok(Value::Bool(true))), "there is nobody to wait for");
}

#[test]
fn an_answer_works_once_though_what_is_kept_is_taken_out_in_its_time() {
    let (mut world, _, url) = left();
    let back = world.server.provider.approve(&url);
    world.close(0);
    world.reopen(0, &options(), BTreeMap::new());
    let stowed = world.tabs[0].stowed.clone();
    let mut look = |what| {
        world.tabs[0].stowed = stowed.clone();
        world.call_at(0, &back, what)
    };
    let calls = [Call::SigninCallback, Call::Guard(GuardedPage::Protected), Call::SigninCallback].map(&mut look);
    let later = world.wait(calls[0]).expect("it signs in");
    for (call, said) in calls.into_iter().zip([later.clone(), Value::Bool(false), later]) {
        assert_eq!(world.outcome(call), Some(Ok(said)), "all have the same sign-in");
    }
    assert_eq!(world.server.count("/token"), 1);
    world.tabs[0].stowed = stowed;
    let again = world.call_at(0, &back, Call::SigninCallback);
    assert_eq!(world.wait(again).unwrap().member("reason"), Some(&"no-callback".into()));
}

//! `refreshAccessToken`, and the refresh under every other call.

use doorkey::core::value::Value;

use crate::world::{MINUTE, World, code};

#[test]
fn a_good_token_causes_no_request() {
    let mut world = World::signed_in("{}");

    let outcome = world.refresh(0, false);

    assert_eq!(outcome.unwrap().member("refreshed"), Some(&Value::Bool(false)));
    assert_eq!(world.server.count("/token"), 0);
}

#[test]
fn four_tabs_that_wake_with_an_expired_token_send_one_refresh() {
    let mut world = World::signed_in("{}");
    let options = crate::world::options::usual("{}");
    world.fill(4, &options);
    world.sleep(20 * MINUTE);

    let calls: Vec<_> = (0..4).map(|tab| world.call(tab, doorkey::core::input::Call::Refresh(false))).collect();
    for call in calls {
        assert!(world.wait(call).is_ok());
    }

    assert_eq!(world.server.count("/token"), 1);
    assert!((0..4).all(|tab| world.is_signed_in(tab)));
}

#[test]
fn a_logout_while_the_answer_is_under_way_stays_a_logout() {
    let mut world = World::signed_in("{}");
    let refresh = world.call(0, doorkey::core::input::Call::Refresh(true));
    world.advance(10);

    world.logout(0).unwrap();
    let outcome = world.wait(refresh);
    world.advance(MINUTE);

    assert_eq!(code(&outcome), Some(doorkey::core::error::Code::Superseded));
    assert!(!world.is_signed_in(0));
    assert!(!world.disk.record.as_ref().unwrap().contains("canary"));
}

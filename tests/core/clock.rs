//! Clocks that are wrong, moved and put back.

use doorkey::core::error::Code;
use doorkey::core::input::Call;
use doorkey::core::time::Millis;
use doorkey::core::value::Value;

use crate::world::host::Reply;
use crate::world::server::{Fault, Tells};
use crate::world::{DAY, HOUR, MINUTE, SECOND, World, code, get};

const API: &str = "https://auth.example/api";

/// Uses the API every ten seconds for two hours; gives the refreshes and the requests that were refused at first.
fn two_hours(world: &mut World) -> (usize, usize) {
    let before = world.server.count("/token");
    for _ in 0..720 {
        assert_eq!(world.run(0, Call::Fetch(get(API))), Ok(Value::Number(200.0)));
        world.advance(10 * SECOND);
    }
    let refused = world.server.seen.iter().filter(|seen| seen.path == "/api" && seen.status == 401).count();
    (world.server.count("/token") - before, refused)
}

#[test]
fn a_clock_a_day_wrong_causes_neither_a_storm_nor_a_stale_token() {
    for ahead in [0, DAY as i64, -(DAY as i64)] {
        for (tells, jwt, shows_date) in [
            (Tells::ExpiresIn, false, false),
            (Tells::ExpiresAt, false, true),
            (Tells::ExpiresAt, true, false),
            (Tells::Claims, true, false),
            (Tells::Claims, true, true),
        ] {
            let mut world = World::with("{}");
            world.set_clock(ahead);
            (world.server.tells, world.server.jwt, world.server.shows_date) = (tells, jwt, shows_date);
            world.sign_in(0);

            let (refreshes, refused) = two_hours(&mut world);

            // 600 seconds of life, less a margin of up to 72: 13 or 14 in two hours.
            assert!(
                (13..=14).contains(&refreshes),
                "{refreshes} with {tells:?}, jwt {jwt}, date {shows_date}, {ahead}"
            );
            assert_eq!(refused, 0, "{tells:?}, jwt {jwt}, date {shows_date}, {ahead}");
        }
    }
}

#[test]
fn an_absolute_time_that_nothing_corrects_is_corrected_by_the_servers_refusal() {
    for ahead in [DAY as i64, -(DAY as i64)] {
        let mut world = World::with("{}");
        world.set_clock(ahead);
        world.server.tells = Tells::ExpiresAt;
        world.sign_in(0);

        let (refreshes, refused) = two_hours(&mut world);

        assert!(
            refreshes <= 14 && refused <= 14,
            "{refreshes} refreshes, {refused} refusals, a clock {ahead} ms ahead"
        );
    }
}

#[test]
fn a_clock_that_moves_in_the_middle_costs_a_refresh_at_most() {
    for ahead in [DAY as i64, -(DAY as i64), HOUR as i64, -(HOUR as i64)] {
        let mut world = World::signed_in("{}");
        world.advance(MINUTE);

        world.set_clock(ahead);

        assert_eq!(world.run(0, Call::Fetch(get(API))), Ok(Value::Number(200.0)));
        assert!(world.server.count("/token") <= 1, "{ahead}");
        let (refreshes, refused) = two_hours(&mut world);
        assert!(refreshes <= 15, "{refreshes} refreshes after {ahead}");
        assert_eq!(refused, 0, "{ahead}");
        world.set_clock(-ahead);
        let (refreshes, refused) = two_hours(&mut world);
        assert!((12..=16).contains(&refreshes), "{refreshes} refreshes after {ahead} and back");
        assert_eq!(refused, 0, "{ahead} and back");
    }
}

#[test]
fn a_clock_that_is_put_back_makes_no_wait_longer_than_twice_its_limit() {
    let mut world = World::signed_in("{}");
    world.host.on("slow", [Reply::Hangs]);
    let hanging = world.call(0, Call::run(Value::from("slow"), Value::Undefined).unwrap());
    world.advance(10 * SECOND);

    world.set_clock(-(DAY as i64));

    let began = world.now;
    assert_eq!(code(&world.wait(hanging)), Some(Code::Timeout));
    assert!(world.now - began <= 50 * SECOND);
}

#[test]
fn a_clock_that_is_put_back_makes_no_pause_longer_than_twice_its_length() {
    let mut world = World::signed_in("{}");
    world.server.fail("/token", [Fault::Status(503, &[("retry-after", "30")], "")]);
    world.refresh(0, true).unwrap_err();

    world.set_clock(-(DAY as i64));
    world.advance(31 * SECOND);
    world.refresh(0, true).ok();
    world.advance(31 * SECOND);

    assert!(world.refresh(0, true).is_ok());
}

#[test]
fn what_comes_while_the_page_sleeps_is_heard_when_it_wakes() {
    for nap in [HOUR, DAY] {
        let mut world = World::signed_in("{}");
        world.server.access_seconds = 2 * DAY / 1000;
        let refresh = world.call(0, Call::Refresh(true));
        world.advance(70);

        world.sleep(nap);

        assert!(world.wait(refresh).is_ok(), "the answer was under way");
        assert_eq!(world.told(0).len(), 2);
        assert!(world.refresh(0, true).is_ok());
        assert_eq!(world.server.reuses, 0);
    }
}

#[test]
fn what_does_not_come_after_a_sleep_ends_by_the_time_limit() {
    let mut world = World::signed_in("{}");
    world.host.on("slow", [Reply::Hangs]);
    let hanging = world.call(0, Call::run(Value::from("slow"), Value::Undefined).unwrap());
    world.sleep(HOUR);
    let began = world.now;

    assert_eq!(code(&world.wait(hanging)), Some(Code::Timeout));
    assert!(world.now - began <= 2 * SECOND);
}

#[test]
fn a_token_good_for_long_enough_is_so_by_the_corrected_clock() {
    let mut world = World::with("{}");
    world.set_clock(-(DAY as i64));
    world.server.tells = Tells::Claims;
    world.server.jwt = true;
    world.sign_in(0);

    world.run(0, Call::AccessToken(Millis(9 * MINUTE))).unwrap();
    assert_eq!(world.server.count("/token"), 0);
    world.advance(2 * MINUTE);
    world.run(0, Call::AccessToken(Millis(9 * MINUTE))).unwrap();
    assert_eq!(world.server.count("/token"), 1);
}

#[test]
fn a_clock_that_is_put_back_while_a_pause_is_being_stored_makes_it_no_longer() {
    let mut world = World::signed_in("{}");
    world.server.fail("/token", [Fault::NoNetwork]);
    let refresh = world.call(0, Call::Refresh(true));
    world.advance(60);
    world.delays.storage = 200;
    // The failure comes, and the pause is on its way to the storage.
    world.advance(60);
    world.set_clock(-(DAY as i64));
    assert_eq!(code(&world.wait(refresh)), Some(Code::Unreachable));

    world.advance(10 * SECOND);

    assert_eq!(world.access_token(0), Ok(Value::from("canary-access-0-2")));
}

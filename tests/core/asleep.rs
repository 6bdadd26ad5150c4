//! A run that is put to sleep at any point goes on to the same effects.

use doorkey::core::failure::Failure;
use doorkey::core::flow::program::Program;
use doorkey::core::flow::run::{Progress, Run};
use doorkey::core::flow::scope::{Ambient, Provider};
use doorkey::core::flow::step::{StepRequest, StepResult};
use doorkey::core::http::HttpResponse;
use doorkey::core::http::status::Purpose;
use doorkey::core::lite::json::json_to_text;
use doorkey::core::time::UnixMillis;
use doorkey::core::value::Value;
use doorkey::core::values::store::Store;
use proptest::prelude::*;

use crate::testing::{PLATFORM, json};
use crate::world::random_config;

const STEPS: [&str; 7] = [
    r#"{ "request": { "url": "https://a.example/{{ inputs.email }}", "json": "{{ inputs }}" } }"#,
    r#"{ "request": { "url": "/{{ V ?? 'none' }}", "form": { "a": "{{ http1.body.a ?? 'b' }}" } } }"#,
    r#"{ "query": "orders", "params": { "token": "{{ query1.token ?? http1.status ?? 0 }}" } }"#,
    r#"{ "define": { "V": "{{ http1.body.list[0] ?? 'x' }}-{{ now() }}", "W": "{{ form1.code ?? null }}" }, "secret": ["W"] }"#,
    r#"{ "form": { "title": "{{ V ?? 'Code' }}", "fields": [{ "name": "code", "type": "one-time-code" }] } }"#,
    r#"{ "when": "{{ (http1.body.a ?? false) && inputs.email }}", "request": { "url": "/when", "body": "{{ W ?? '' }}" } }"#,
    r#"{ "request": { "url": "/{{ http9.body }}" } }"#,
];

const ANSWERS: [&str; 6] = [
    r#"{ "a": "b", "list": ["first", 2, null], "token": "t\u00e4\"x" }"#,
    r#""a text""#,
    "null",
    "0.1",
    r#"{ "a": { "b": [{}, [], ""] }, "list": [{ "x": -1e21 }] }"#,
    r#"{ "code": "123456", "email": "other" }"#,
];

/// What the shell finds out: one of the answers, as whatever the step asked for; or a failure; or nothing in time.
fn answer(request: &StepRequest, kind: usize, body: &Value) -> Option<StepResult> {
    let failed = || StepResult::Failed(Failure { thrown: body.clone().into(), cause: None });
    match (kind, request) {
        (0, _) => None,
        (1, _) => Some(failed()),
        (_, StepRequest::Http(_)) => {
            let status = if kind == 2 { 401 } else { 200 };
            let headers = json(r#"{ "date": "2026-01-01T00:00:00Z" }"#).as_map().cloned().unwrap_or_default();
            let (headers, body) = (headers.into(), body.clone().into());
            Some(StepResult::Http(HttpResponse { status, headers, body, ..HttpResponse::default() }))
        }
        (_, StepRequest::Prompt(_)) => Some(StepResult::Entered(body.clone().into(), kind != 3)),
        _ => Some(StepResult::Value(body.clone().into())),
    }
}

/// The run after a night's sleep.
fn slept(run: &Run) -> Run {
    let mut text = String::new();
    json_to_text(run.save().data(), &mut text);
    Run::restore(&json(&text)).unwrap_or_else(|| panic!("it can't be read again: {text}"))
}

proptest! {
    #![proptest_config(random_config())]

    #[test]
    fn a_run_that_was_put_to_sleep_goes_on_to_the_same_effects(
        steps in prop::collection::vec(0..STEPS.len(), 1..7),
        answers in prop::collection::vec((0..9_usize, 0..ANSWERS.len()), 20),
        purpose in prop::sample::select(vec![Purpose::Signin, Purpose::Refresh, Purpose::Other]),
    ) {
        let steps = Value::List(steps.into_iter().map(|step| json(STEPS[step])).collect());
        let program = Program::parse(&steps, "flow").expect("the steps are right");
        let store = Store::new(PLATFORM);
        let now = |turn: usize| UnixMillis(1_800_000_000_000 + turn as u64);
        let ambient = |turn| Ambient { tokens: None, store: &store, now: now(turn), provider: Provider::default() };
        let inputs = json(r#"{ "email": "a@b.c", "password": "canary" }"#);
        let mut awake = Run::new(purpose, inputs.into(), now(0));
        let mut asleep = slept(&awake);
        let (mut one, mut other) = (Vec::new(), Vec::new());
        let mut progress = awake.advance(&program, ambient(0), &mut one);
        prop_assert_eq!(&asleep.advance(&program, ambient(0), &mut other), &progress);
        for (turn, (kind, body)) in answers.into_iter().enumerate() {
            prop_assert!(!format!("{awake:?}").contains("canary"), "what is printed of a run holds no secret");
            asleep = slept(&asleep);
            prop_assert_eq!(&asleep, &awake);
            progress = match &progress {
                Progress::Waits(request) => {
                    let result = answer(request, kind, &json(ANSWERS[body]));
                    let next = awake.resume(&program, result.clone(), ambient(turn), PLATFORM, &mut one);
                    prop_assert_eq!(&asleep.resume(&program, result, ambient(turn), PLATFORM, &mut other), &next);
                    next
                }
                Progress::Failed(error) if awake.ask_again(&program, error) => {
                    prop_assert!(asleep.ask_again(&program, error));
                    asleep = slept(&asleep);
                    let next = awake.advance(&program, ambient(turn), &mut one);
                    prop_assert_eq!(&asleep.advance(&program, ambient(turn), &mut other), &next);
                    next
                }
                Progress::Failed(_) | Progress::Done => break,
            };
        }
        prop_assert_eq!(awake.answer(now(0)).value, asleep.answer(now(0)).value);
        prop_assert_eq!(one, other);
    }
}

#[test]
fn what_was_not_written_by_a_run_is_none() {
    for text in [
        "null",
        "{}",
        r#"{ "purpose": "signin" }"#,
        r#"{ "purpose": "x", "next": 0, "results": {}, "variables": {}, "beganAt": 1, "hasAsked": false }"#,
    ] {
        assert_eq!(Run::restore(&json(text)), None, "{text}");
    }
}

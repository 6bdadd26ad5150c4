//! Flows in core alone, as `benches/flows.mjs` asks for: a line on standard input, `compile 100` or `run 100`, is answered by
//! the nanoseconds that so many took.
#![allow(clippy::expect_used)] // A benchmark that goes wrong has no result.

use std::hint::black_box;
use std::io::{BufRead as _, Write as _, stdin, stdout};
use std::time::Instant;

use doorkey::core::flow::program::Program;
use doorkey::core::flow::run::{Progress, Run};
use doorkey::core::flow::scope::{Ambient, Provider};
use doorkey::core::flow::step::{StepRequest, StepResult};
use doorkey::core::http::status::Purpose;
use doorkey::core::platform::Platform;
use doorkey::core::time::UnixMillis;
use doorkey::core::value::{ForeignKind, HostRef, Map, Value};
use doorkey::core::values::store::Store;

const PLATFORM: Platform = Platform {
    parse_json: |_| None,
    parse_date: |_| None,
    change_case: |text, _| text.to_lowercase(),
    normalize: |text, _| text.to_owned(),
    cookie: |_| None,
};
const NOW: UnixMillis = UnixMillis(0);
/// The flow has so many pairs of a `define` and another step.
const PAIRS: usize = 5;
const ANSWER: &str = "a@b.example/step-1/step-2/step-3/step-4";

fn main() {
    let mut out = stdout();
    let (data, flow) = (flow(false), flow(true));
    let program = Program::parse(&flow, "flow").expect("the flow is right");
    for line in stdin().lock().lines() {
        let line = line.expect("standard input is text");
        let (what, count) = line.split_once(' ').expect("a word and a number");
        let count: u32 = count.parse().expect("a number");
        let begun = Instant::now();
        for _ in 0..count {
            match what {
                "compile" => drop(black_box(Program::parse(black_box(&data), "flow").expect("the flow is right"))),
                _ => run(&program),
            }
        }
        writeln!(out, "{}", begun.elapsed().as_nanos()).expect("somebody reads");
    }
}

/// The flow of `benches/flows.mjs`: every second step a script, or a query where it shall be data alone.
fn flow(scripts: bool) -> Value {
    let mut steps = Vec::new();
    for pair in 1..=PAIRS {
        let before = pair - 1;
        let value = match pair {
            1 => "{{ lower(inputs.email) }}".to_owned(),
            _ if scripts => format!("{{{{ V{before} }}}}/{{{{ js{before}.value }}}}"),
            _ => format!("{{{{ V{before} }}}}/{{{{ query{before}.value }}}}"),
        };
        steps.push(object("define", object(&format!("V{pair}"), Value::Text(value))));
        steps.push(match scripts {
            true => object("script", Value::Foreign(HostRef::new(ForeignKind::Function, 0))),
            false => object("query", Value::from("a_query")),
        });
    }
    Value::List(steps)
}

fn object(name: &str, value: Value) -> Value {
    let mut map = Map::new();
    map.set(name, value);
    Value::Map(map)
}

/// Runs the flow to its end, as a session does; the scripts are answered at once.
fn run(program: &Program) {
    let store = Store::new(PLATFORM);
    let ambient = || Ambient { tokens: None, store: &store, now: NOW, provider: Provider::default() };
    let inputs = object("email", Value::from("A@b.example"));
    let mut run = Run::new(Purpose::Signin, inputs.into(), NOW);
    let mut done = Vec::new();
    let mut progress = run.advance(program, ambient(), &mut done);
    let mut called = 0;
    while let Progress::Waits(request) = progress {
        assert!(matches!(black_box(request), StepRequest::Call(..)), "only scripts want something");
        called += 1;
        let given = object("value", Value::Text(format!("step-{called}")));
        let result = Some(StepResult::Value(given.into()));
        progress = run.resume(program, result, ambient(), PLATFORM, &mut done);
    }
    assert_eq!(progress, Progress::Done);
    let last = run.answer(NOW).variables.get("V5").and_then(Value::as_text);
    assert_eq!(last, Some(ANSWER));
}

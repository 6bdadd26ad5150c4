//! Flow programs: a bad one is refused with its path, and a good one ends whatever its steps come to.

use doorkey::core::error::Code;
use doorkey::core::flow::program::Program;
use doorkey::core::flow::run::{Progress, Run};
use doorkey::core::flow::scope::{Ambient, Provider};
use doorkey::core::flow::step::{StepRequest, StepResult};
use doorkey::core::http::HttpResponse;
use doorkey::core::http::status::Purpose;
use doorkey::core::time::UnixMillis;
use doorkey::core::value::{Map, Value};
use doorkey::core::values::store::Store;
use proptest::prelude::*;

use super::harness::Target;
use super::platform::PLATFORM;

#[test]
fn program() {
    Target {
        name: "program",
        pieces: r#"
            { } [ ] : , "form" "fields" "name" "type" "password" "select" "options" "value" "required" "title" "label"
            "request" "url" "/x" "https://a.example/{{ inputs.a }}" "method" "GET" "headers" "query" "json" "body"
            "credentials" "include" "q" "params" "define" "A" "secret" "when" "id" "timeoutSeconds"
            "{{ http1.body.a ?? inputs }}" "{{ form1.a }}" "{{ A }}" "{{ session.refreshToken }}" "{{ false }}"
            "{{ json(http1) }}" "{{ a" "" true false null 0 1 -1 1e300
        "#,
        check,
    }
    .run();
}

/// Checking never panics and names the place of what is wrong; a run asks each step once, and ends.
fn check(text: &str) -> Result<(), TestCaseError> {
    let Some(value) = (PLATFORM.parse_json)(text) else { return Ok(()) };
    let program = match Program::parse(&value, "flow") {
        Ok(program) => program,
        Err(error) => {
            prop_assert!(matches!(error.code, Code::InvalidOption | Code::Template), "{:?}", error.code);
            prop_assert!(
                error.path.as_deref().is_some_and(|path| path.starts_with("flow")) && !error.message.is_empty()
            );
            return Ok(());
        }
    };
    for purpose in [Purpose::Signin, Purpose::Refresh] {
        run(&program, purpose, &value)?;
    }
    Ok(())
}

/// Runs it with answers that are the program's own text.
fn run(program: &Program, purpose: Purpose, given: &Value) -> Result<(), TestCaseError> {
    let now = UnixMillis(1_700_000_000_000);
    let store = Store::new(PLATFORM);
    let ambient = Ambient { tokens: None, store: &store, now, provider: Provider::default() };
    let mut inputs = Map::new();
    inputs.set("a", given.clone());
    let mut run = Run::new(purpose, Value::Map(inputs).into(), now);
    let mut done = Vec::new();
    let mut progress = run.advance(program, ambient, &mut done);
    let mut asked = 0;
    let response = || {
        let (headers, body) = (Map::new().into(), given.clone().into());
        StepResult::Http(HttpResponse { status: 200, headers, body, ..HttpResponse::default() })
    };
    while let Progress::Waits(request) = progress {
        asked += 1;
        prop_assert!(asked <= program.steps.len(), "a step is asked twice");
        let result = match request {
            StepRequest::Http(request) => {
                prop_assert!(!request.method.is_empty());
                response()
            }
            StepRequest::Prompt(form) => {
                prop_assert!(form.data().member("title").is_some() && form.data().member("fields").is_some());
                let mut entered = Map::new();
                entered.set("a", Value::from("entered"));
                StepResult::Entered(Value::Map(entered).into(), true)
            }
            // None of the programs leaves the page.
            StepRequest::Prepare | StepRequest::Recall | StepRequest::Leave(_) => return Ok(()),
            // They may give a response, too.
            StepRequest::Query(..) | StepRequest::Call(..) if asked % 2 == 0 => response(),
            StepRequest::Query(..) | StepRequest::Call(..) => StepResult::Value(given.clone().into()),
        };
        progress = run.resume(program, Some(result), ambient, PLATFORM, &mut done);
    }
    if let Progress::Failed(error) = &progress {
        prop_assert!(error.step_id.is_some(), "{error:?}");
        if run.ask_again(program, error) {
            prop_assert!(matches!(
                run.advance(program, ambient, &mut done),
                Progress::Waits(StepRequest::Prompt(_)) | Progress::Failed(_)
            ));
        }
    }
    prop_assert!(done.len() <= 2 * program.steps.len());
    Ok(())
}

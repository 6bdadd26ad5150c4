//! The corpus of `tests/schema`, judged by core. `tests/package/schema.test.mjs` has the JSON Schema judge the same documents.

use std::fs;

use doorkey::core::error::AuthError;
use doorkey::core::flow::program::Program;
use doorkey::core::options::Options;
use doorkey::core::value::Value;

use crate::testing::json;

/// The rows of one part of a corpus: what is expected, and the document.
struct Corpus(Value);

impl Corpus {
    fn read(name: &str) -> Self {
        let path = [env!("CARGO_MANIFEST_DIR"), "/tests/schema/", name].concat();
        Self(json(&fs::read_to_string(path).unwrap()))
    }

    fn part(&self, name: &str) -> Vec<Value> {
        let Some(Value::List(rows)) = self.0.member(name) else { panic!("the corpus has the part {name}") };
        assert!(!rows.is_empty());
        rows.clone()
    }

    /// Holds core to every row; `judge` parses one document.
    fn hold(&self, judge: fn(&Value) -> Result<(), AuthError>) {
        let mut wrong = Vec::new();
        let mut expect = |expected: [&str; 2], document: &Value| {
            let said = judge(document).err().map_or_else(Default::default, |error| {
                [error.code.as_str().to_owned(), error.path.clone().unwrap_or_default()]
            });
            if said != expected {
                wrong.push(format!("{document:?}: expected {expected:?}, and core says {said:?}"));
            }
        };
        for document in self.part("valid") {
            expect(["", ""], &document);
        }
        for row in self.part("invalid") {
            let Value::List(row) = row else { panic!("a path and a document") };
            expect(["ERR_INVALID_OPTION", text(&row[0])], &row[1]);
        }
        // What no schema can say.
        for row in self.part("beyond") {
            let Value::List(row) = row else { panic!("a path, a code and a document") };
            expect([text(&row[1]), text(&row[0])], &row[2]);
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

fn text(value: &Value) -> &str {
    value.as_text().expect("the corpus has a text there")
}

#[test]
fn flows_are_taken_and_refused_as_the_corpus_says() {
    Corpus::read("flows.json").hold(|flow| Program::parse(flow, "").map(|_| ()));
}

#[test]
fn options_are_taken_and_refused_as_the_corpus_says() {
    Corpus::read("options.json").hold(|options| Options::parse(options).map(|_| ()));
}

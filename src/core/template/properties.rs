//! Properties: nothing panics, and the evaluator agrees with a plain evaluator of trees.

use std::borrow::Cow;

use proptest::prelude::*;

use super::expr::Operator;
use super::functions::Function;
use super::{Scope, Template};
use crate::core::lite::json::{json_to_text, number_to_text};
use crate::core::testing::PLATFORM;
use crate::core::time::UnixMillis;
use crate::core::value::{Map, Value};

const NAMES: [&str; 5] = ["a", "b2", "$_", "größe", "now"];
const KEYS: [&str; 9] = ["a", "b2", "0", "1", "a b", "}}", "\"'\\", "", "01"];

/// An expression as a tree, the plain way.
#[derive(Clone, Debug, PartialEq)]
enum Tree {
    Literal(Value),
    Name(&'static str),
    Step(Box<Tree>, String),
    Call(Function, Vec<Tree>),
    Now,
    Not(Box<Tree>),
    Binary(Operator, Box<Tree>, Box<Tree>),
}

fn literal() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Undefined),
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-3..1000_i32).prop_map(|number| Value::Number(f64::from(number) / 4.0)),
        prop::sample::select(&KEYS[..]).prop_map(Value::from),
        any::<String>().prop_map(Value::Text),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    literal().prop_recursive(3, 20, 4, |inner| {
        let key = prop::sample::select(&KEYS[..]).prop_map(str::to_owned);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
            prop::collection::vec((key, inner), 0..4).prop_map(|members| Value::Map(members.into_iter().collect())),
        ]
    })
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        1 => literal().prop_map(Tree::Literal),
        1 => Just(Tree::Now),
        4 => prop::sample::select(&NAMES[..]).prop_map(Tree::Name),
    ];
    leaf.prop_recursive(6, 40, 3, |inner| {
        let argument = inner.clone();
        let boxed = inner.prop_map(Box::new);
        // More fallbacks and comparisons than others: what is pending beside a fallback is the hard part.
        let operator = prop_oneof![
            3 => Just(Operator::Coalesce),
            1 => Just(Operator::Or),
            1 => Just(Operator::And),
            3 => Just(Operator::Equal),
            1 => Just(Operator::NotEqual),
        ];
        let function = prop::sample::select(Function::ALL).prop_flat_map(move |function| {
            let (least, most) = function.arity();
            let arguments = prop::collection::vec(argument.clone(), least..=most.min(3));
            arguments.prop_map(move |arguments| Tree::Call(function, arguments))
        });
        let key = prop::sample::select(&KEYS[..]);
        prop_oneof![
            3 => (boxed.clone(), key).prop_map(|(base, key)| Tree::Step(base, key.to_owned())),
            2 => function,
            1 => boxed.clone().prop_map(Tree::Not),
            8 => (operator, boxed.clone(), boxed).prop_map(|(operator, left, right)| Tree::Binary(operator, left, right)),
        ]
    })
}

impl Tree {
    /// The tree as an expression, with no more parentheses than needed.
    fn print(&self) -> String {
        match self {
            Self::Literal(Value::Undefined) => "undefined".to_owned(),
            Self::Literal(Value::Number(number)) => number_to_text(*number),
            Self::Literal(Value::Text(text)) => quote(text),
            Self::Literal(value) => json(value),
            Self::Name(name) => (*name).to_owned(),
            Self::Now => "now( )".to_owned(),
            Self::Call(function, arguments) => {
                format!("{}({})", function.as_str(), arguments.iter().map(Self::print).collect::<Vec<_>>().join(" ,"))
            }
            Self::Not(inner) => format!("!{}", inner.print_if(!matches!(**inner, Self::Binary(..)))),
            Self::Step(base, key) => {
                let base = base.print_if(!matches!(**base, Self::Binary(..) | Self::Not(_) | Self::Literal(_)));
                match key.as_str() {
                    "a" | "b2" => format!("{base} .{key}"),
                    "0" | "1" => format!("{base}[ {key} ]"),
                    _ => format!("{base}[{}]", quote(key)),
                }
            }
            Self::Binary(operator, left, right) => {
                let (sign, precedence) = sign(*operator);
                let joins = |operand: &Self, level| match operand {
                    Self::Binary(inner, ..) => {
                        let logic = matches!(inner, Operator::Or | Operator::And);
                        let mixed = (*operator == Operator::Coalesce && logic)
                            || (*operator == Operator::Or && *inner == Operator::Coalesce);
                        sign_precedence(*inner) >= level && !mixed
                    }
                    _ => true,
                };
                let left = left.print_if(joins(left, precedence));
                let right = right.print_if(joins(right, precedence + 1));
                format!("{left} {sign}{right}")
            }
        }
    }

    fn print_if(&self, bare: bool) -> String {
        if bare { self.print() } else { format!("( {} )", self.print()) }
    }

    /// The value, or which kind of fault: an unknown path, or another one.
    fn eval(&self, scope: &Names) -> Result<Value, &'static str> {
        match self {
            Self::Literal(value) => Ok(value.clone()),
            Self::Name(name) => known(scope.0.get(name)),
            Self::Now => Ok(Value::Number(NOW.0 as f64)),
            Self::Step(base, key) => match base.eval(scope)? {
                Value::List(items) => {
                    let place = items.iter().enumerate().find(|(place, _)| place.to_string() == *key);
                    known(place.map(|(_, item)| item))
                }
                base => known(base.member(key)),
            },
            Self::Call(function, arguments) => {
                let values: Vec<Value> =
                    arguments.iter().map(|argument| argument.eval(scope)).collect::<Result<_, _>>()?;
                call(*function, &values, scope)
            }
            Self::Not(inner) => Ok(Value::Bool(!inner.eval(scope)?.is_truthy())),
            Self::Binary(operator, left, right) => {
                let left = left.eval(scope);
                Ok(match operator {
                    Operator::Coalesce if matches!(left, Err("unknown path")) => right.eval(scope)?,
                    Operator::Coalesce if left.clone()?.is_nullish() => right.eval(scope)?,
                    Operator::Or if !left.clone()?.is_truthy() => right.eval(scope)?,
                    Operator::And if left.clone()?.is_truthy() => right.eval(scope)?,
                    Operator::Equal => Value::Bool(left? == right.eval(scope)?),
                    Operator::NotEqual => Value::Bool(left? != right.eval(scope)?),
                    _ => left?,
                })
            }
        }
    }
}

fn call(function: Function, values: &[Value], scope: &Names) -> Result<Value, &'static str> {
    match (function, values) {
        (Function::Now, _) => Ok(Value::Number(NOW.0 as f64)),
        (Function::Json, [Value::Undefined]) => Err("this value"),
        (Function::Json, [value]) => Ok(Value::Text(json(value))),
        (Function::Concat, parts) => Ok(Value::Text(parts.iter().map(text).collect::<Result<_, _>>()?)),
        (Function::Contains, [Value::List(items), item]) => Ok(Value::Bool(items.contains(item))),
        (Function::Contains, [whole, part]) => Ok(Value::Bool(text(whole)?.contains(&text(part)?))),
        (Function::Find, [list, key, value]) => {
            let key = text(key)?;
            let items = if let Value::List(items) = list { items.as_slice() } else { &[] };
            items.iter().find(|item| item.member(&key) == Some(value)).cloned().ok_or("unknown path")
        }
        (Function::Cookie, [name]) => Ok((PLATFORM.cookie)(&text(name)?).map_or(Value::Null, Value::Text)),
        (function, values) => Ok(Value::Text(function.apply(text(&values[0])?, scope))),
    }
}

fn text(value: &Value) -> Result<String, &'static str> {
    match value {
        Value::Undefined | Value::Null => Err("null or undefined"),
        Value::Text(text) => Ok(text.clone()),
        value => Ok(json(value)),
    }
}

fn sign(operator: Operator) -> (&'static str, u8) {
    match operator {
        Operator::Coalesce => ("??", 0),
        Operator::Or => ("||", 0),
        Operator::And => ("&&", 1),
        Operator::Equal => ("==", 2),
        Operator::NotEqual => ("!=", 2),
    }
}

fn sign_precedence(operator: Operator) -> u8 {
    sign(operator).1
}

fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

fn json(value: &Value) -> String {
    let mut text = String::new();
    json_to_text(value, &mut text);
    text
}

fn known(value: Option<&Value>) -> Result<Value, &'static str> {
    value.filter(|value| **value != Value::Undefined).cloned().ok_or("unknown path")
}

const NOW: UnixMillis = UnixMillis(1_700_000_000_123);

#[derive(Debug)]
struct Names(Map);

impl Scope for Names {
    fn lookup(&self, name: &str) -> Option<Cow<'_, Value>> {
        // Both ways of handing out a value.
        let value = self.0.get(name)?;
        Some(if name == "a" { Cow::Owned(value.clone()) } else { Cow::Borrowed(value) })
    }

    fn now(&self) -> UnixMillis {
        NOW
    }

    fn change_case(&self, text: &str, upper: bool) -> String {
        (PLATFORM.change_case)(text, upper)
    }

    fn cookie(&self, name: &str) -> Option<String> {
        (PLATFORM.cookie)(name)
    }
}

fn names() -> impl Strategy<Value = Names> {
    let name = prop::sample::select(&NAMES[..]).prop_map(str::to_owned);
    prop::collection::vec((name, value()), 0..6).prop_map(|names| Names(names.into_iter().collect()))
}

/// Text that is nearly a template: what the grammar is made of, in any order.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{{",
        "}}",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        ".",
        "'",
        "\"",
        "\\",
        "\\u00",
        "!",
        "?",
        "??",
        "|",
        "||",
        "&&",
        "==",
        "=",
        "-",
        "0",
        "17",
        "1.5",
        "a",
        "b2",
        "$_",
        "größe",
        "now",
        "now()",
        "json(",
        "lower(",
        "base64(",
        "true",
        "null",
        "undefined",
        " ",
        "\n",
        "\u{a0}",
        "€",
        "\0",
        ",",
        "concat(",
        "find(",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_the_engine_panic(text in prop_oneof![any::<String>(), soup(), soup().prop_map(|text| format!("{{{{{text}}}}}"))], scope in names()) {
        if let Ok(template) = Template::parse(&text) {
            let _ = template.eval(&scope);
            template.uses(&mut |_| {});
        }
    }

    #[test]
    fn the_evaluator_agrees_with_the_tree(tree in tree(), scope in names()) {
        let text = format!("{{{{ {} }}}}", tree.print());
        let template = Template::parse(&text).map_err(|error| TestCaseError::fail(error.message.to_string()))?;
        match (template.eval(&scope), tree.eval(&scope)) {
            (Ok(value), Ok(expected)) => prop_assert_eq!(value, expected),
            (Err(error), Err(expected)) => prop_assert!(error.message.starts_with(expected), "{} instead of {}", error.message, expected),
            (outcome, expected) => prop_assert!(false, "{:?} instead of {:?}", outcome, expected),
        }
    }

    #[test]
    fn text_around_expressions_is_kept(before in "[^{]*", after in "[^{]*", tree in tree(), scope in names()) {
        prop_assume!(!format!("{before}{after}").trim().is_empty());
        let text = format!("{before}.{{{{{}}}}}{after}", tree.print());
        let outcome = Template::parse(&text).and_then(|template| template.eval(&scope));
        let expected = match tree.eval(&scope) {
            Ok(Value::Undefined | Value::Null) => Err("null or undefined"),
            Ok(Value::Text(text)) => Ok(text),
            Ok(value) => Ok(json(&value)),
            Err(fault) => Err(fault),
        };
        match (outcome, expected) {
            (Ok(value), Ok(expected)) => prop_assert_eq!(value, Value::Text(format!("{before}.{expected}{after}"))),
            (Err(error), Err(expected)) => prop_assert!(error.message.starts_with(expected), "{} instead of {}", error.message, expected),
            (outcome, expected) => prop_assert!(false, "{:?} instead of {:?}", outcome, expected),
        }
    }
}

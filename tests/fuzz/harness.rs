//! Replays a corpus, then makes inputs up until the time is over.

use std::cell::Cell;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Once;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::{TestCaseResult, TestError, TestRunner};

/// The longest that one input may take, on a machine with other work to do.
const SLOW: Duration = Duration::from_secs(10);

/// How many inputs are tried between two looks at the clock.
const ROUND: u32 = 64;

/// A function that must bear any text, and what is known of the texts that it is about.
pub struct Target {
    /// The folder of the corpus.
    pub name: &'static str,
    /// Pieces that such texts are made of, separated by white space.
    pub pieces: &'static str,
    /// Fails or panics for a text that is not borne.
    pub check: fn(&str) -> TestCaseResult,
}

impl Target {
    /// Replays the corpus, then tries new inputs; panics with the smallest input that fails.
    pub fn run(&self) {
        let corpus = self.corpus();
        for (file, text) in &corpus {
            if let Err(reason) = self.try_one(text) {
                panic!("{} fails on tests/fuzz/corpus/{}/{file}: {reason}", self.name, self.name);
            }
        }
        let texts = corpus.into_iter().map(|(_, text)| text).collect();
        let (tried, failure) = self.search(texts, seconds());
        if let Some((text, reason)) = failure {
            self.report(&text, &reason);
        }
        println!("{}: {tried} inputs, none fails", self.name);
    }

    /// Tries new inputs for so long, and one round at least: how many, and the smallest that fails, with the reason.
    fn search(&self, corpus: Vec<String>, time: Duration) -> (u32, Option<(String, String)>) {
        let config = ProptestConfig {
            cases: ROUND,
            max_shrink_iters: 0,
            failure_persistence: None,
            ..ProptestConfig::default()
        };
        let inputs = inputs(corpus, self.pieces);
        let (end, tried) = (Instant::now() + time, Cell::new(0));
        loop {
            let outcome = TestRunner::new(config.clone()).run(&inputs, |text| {
                tried.set(tried.get() + 1);
                self.try_one(&text).map_err(TestCaseError::fail)
            });
            match outcome {
                Ok(()) if Instant::now() < end => {}
                Ok(()) => return (tried.get(), None),
                Err(TestError::Fail(reason, text)) => {
                    return (tried.get(), Some(self.shrink(text, reason.message().to_owned())));
                }
                Err(TestError::Abort(reason)) => panic!("{} can't be fuzzed: {reason}", self.name),
            }
        }
    }

    /// Leaves out what can be left out while the input still fails: halves first, single characters last.
    ///
    /// Not proptest's own shrinking, which can't get below the text of the corpus that an input was grown from.
    fn shrink(&self, text: String, mut reason: String) -> (String, String) {
        let mut chars: Vec<char> = text.chars().collect();
        let mut length = chars.len();
        while length > 0 {
            let mut place = 0;
            while place < chars.len() {
                let end = chars.len().min(place + length);
                let smaller: String = chars[..place].iter().chain(&chars[end..]).collect();
                match self.try_one(&smaller) {
                    Err(why) => {
                        reason = why;
                        chars.drain(place..end);
                    }
                    Ok(()) => place = end,
                }
            }
            length /= 2;
        }
        (chars.into_iter().collect(), reason)
    }

    /// The committed inputs, by file name. A target without any is a mistake in its name.
    fn corpus(&self) -> Vec<(String, String)> {
        let folder = root().join("tests/fuzz/corpus").join(self.name);
        let mut corpus: Vec<_> = fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("{} can't be read: {error}", folder.display()))
            .map(|entry| {
                let path = entry.expect("the folder can be listed").path();
                let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                (path.file_name().unwrap_or_default().to_string_lossy().into_owned(), text)
            })
            .collect();
        assert!(!corpus.is_empty(), "{} is empty", folder.display());
        corpus.sort();
        corpus
    }

    /// Tries one input: the reason if it fails, panics or takes too long.
    fn try_one(&self, text: &str) -> Result<(), String> {
        let begin = Instant::now();
        let _quiet = Quiet::new();
        match catch_unwind(AssertUnwindSafe(|| (self.check)(text))) {
            Ok(Ok(())) if begin.elapsed() > SLOW => Err(format!("takes {:?}", begin.elapsed())),
            Ok(Ok(()) | Err(TestCaseError::Reject(_))) => Ok(()),
            Ok(Err(TestCaseError::Fail(reason))) => Err(reason.message().to_owned()),
            Err(panic) => Err(match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
                (Some(text), _) => format!("panics: {text}"),
                (_, Some(text)) => format!("panics: {text}"),
                _ => "panics".to_owned(),
            }),
        }
    }

    /// Keeps the input in a file, says how to add it to the corpus, and fails the test.
    fn report(&self, text: &str, reason: &str) -> ! {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        let file = format!("{:016x}", hasher.finish());
        let folder = root().join("target/fuzz").join(self.name);
        let kept = fs::create_dir_all(&folder).and_then(|()| fs::write(folder.join(&file), text));
        let name = self.name;
        panic!(
            "{name} fails: {reason}\n  input: {text:?}\n  {}",
            match kept {
                Ok(()) => format!("once it is mended: cp target/fuzz/{name}/{file} tests/fuzz/corpus/{name}/"),
                Err(error) => format!("the input could not be kept in a file: {error}"),
            }
        );
    }
}

/// While it lives, panics of this thread print nothing: one report is wanted, and not one for each step of the shrinking.
struct Quiet;

thread_local! {
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
}

impl Quiet {
    fn new() -> Self {
        static HOOK: Once = Once::new();
        HOOK.call_once(|| {
            let loud = panic::take_hook();
            panic::set_hook(Box::new(move |info| {
                if !IS_QUIET.get() {
                    loud(info);
                }
            }));
        });
        IS_QUIET.set(true);
        Self
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        IS_QUIET.set(false);
    }
}

/// Any text; pieces in any order; or texts of the corpus, cut, spliced and sprinkled with pieces.
fn inputs(corpus: Vec<String>, pieces: &'static str) -> impl Strategy<Value = String> {
    const BLANKS: [&str; 5] = [" ", "\n", "\u{a0}", "\0", "€"];
    let pieces: Vec<&str> = pieces.split_whitespace().chain(BLANKS).collect();
    let piece = prop::sample::select(pieces).prop_map(str::to_owned);
    let scrap = prop_oneof![8 => piece.clone(), 1 => any::<String>(), 1 => any::<char>().prop_map(String::from)];
    let soup = prop::collection::vec(piece, 0..32).prop_map(|pieces| pieces.concat());
    let edit = (any::<prop::sample::Index>(), 0..8_usize, scrap);
    let grown = (prop::sample::select(corpus.clone()), prop::sample::select(corpus), prop::collection::vec(edit, 0..6))
        .prop_map(|(text, other, edits)| {
            let mut chars: Vec<char> = text.chars().collect();
            for (place, removed, added) in edits {
                let from = place.index(chars.len() + 1);
                let to = chars.len().min(from + removed);
                // Now and then a stretch of another text of the corpus, in place of the scrap.
                let added = if removed == 7 { other.chars().skip(from).collect() } else { added };
                chars.splice(from..to, added.chars());
            }
            String::from_iter(chars)
        });
    prop_oneof![1 => any::<String>(), 3 => soup, 6 => grown]
}

fn seconds() -> Duration {
    let text = std::env::var("DOORKEY_FUZZ_SECONDS").unwrap_or_else(|_| "0".to_owned());
    Duration::from_secs(text.parse().unwrap_or_else(|_| panic!("DOORKEY_FUZZ_SECONDS is no whole number: {text}")))
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn a_failing_input_is_found_and_made_small() {
    let target = Target {
        name: "marks",
        pieces: "a b !",
        check: |text| {
            assert!(text.matches('!').count() < 3, "three marks");
            Ok(())
        },
    };
    let (_, failure) = target.search(vec!["a!b!c".to_owned()], Duration::from_secs(60));
    let (text, reason) = failure.expect("three marks are found in a minute");
    assert_eq!((text.len(), text.matches('!').count(), &*reason), (3, 3, "panics: three marks"));
}

#[test]
fn the_search_goes_on_until_the_time_is_over() {
    let target = Target { name: "any", pieces: "a", check: |_| Ok(()) };
    let begin = Instant::now();
    let (tried, failure) = target.search(vec![String::new()], Duration::from_millis(200));
    assert!(failure.is_none() && tried > ROUND && begin.elapsed() >= Duration::from_millis(200), "{tried} inputs");
}

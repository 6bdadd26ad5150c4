//! Reads the source tree.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::Finding;

/// A file of `src`, as tokens.
pub struct Source {
    pub path: String,
    lines: Vec<String>,
    pub tokens: Vec<Token>,
    /// For each token that opens a group, the one that closes it.
    closing: Vec<usize>,
    /// The modules that only tests compile.
    test_modules: Vec<String>,
}

/// One token; of a group, its two delimiters.
pub struct Token {
    pub text: String,
    pub line: usize,
    pub is_word: bool,
    pub in_extern: bool,
}

impl Source {
    pub fn parse(path: &str, text: &str) -> Self {
        let stream: TokenStream = text.parse().unwrap_or_else(|error| panic!("{path} can't be read as Rust: {error}"));
        let lines = text.lines().map(str::to_owned).collect();
        let mut file =
            Self { path: path.to_owned(), lines, tokens: Vec::new(), closing: Vec::new(), test_modules: Vec::new() };
        file.flatten(stream, false);
        file.pair();
        file
    }

    /// Takes the tokens in, but for items that only tests compile.
    fn flatten(&mut self, stream: TokenStream, in_extern: bool) {
        let trees: Vec<TokenTree> = stream.into_iter().collect();
        let mut at = 0;
        while at < trees.len() {
            if is_test_attribute(&trees[at..]) {
                let length = trees[at..].iter().position(ends_item).map_or(trees.len() - at, |end| end + 1);
                let item: Vec<String> = trees[at..at + length].iter().map(ToString::to_string).collect();
                if let [.., keyword, name, end] = item.as_slice()
                    && keyword == "mod"
                    && end == ";"
                {
                    self.test_modules.push(name.clone());
                }
                at += length;
                continue;
            }
            let tree = &trees[at];
            let (start, end) = (tree.span().start().line, tree.span().end().line);
            if let TokenTree::Group(group) = tree {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                // `extern "C" { … }`, with or without `unsafe` before it.
                let imports = at > 1 && open == "{" && trees[at - 2].to_string() == "extern";
                self.push(open, start, false, in_extern);
                self.flatten(group.stream(), in_extern || imports);
                self.push(close, end, false, in_extern);
            } else {
                self.push(&tree.to_string(), start, matches!(tree, TokenTree::Ident(_)), in_extern);
            }
            at += 1;
        }
    }

    /// Learns which tokens open and close one group.
    fn pair(&mut self) {
        self.closing = (0..self.tokens.len()).collect();
        let mut open = Vec::new();
        for (at, token) in self.tokens.iter().enumerate() {
            match &*token.text {
                "(" | "[" | "{" => open.push(at),
                ")" | "]" | "}" => {
                    if let Some(start) = open.pop() {
                        self.closing[start] = at;
                    }
                }
                _ => {}
            }
        }
    }

    fn push(&mut self, text: &str, line: usize, is_word: bool, in_extern: bool) {
        self.tokens.push(Token { text: text.to_owned(), line, is_word, in_extern });
    }

    /// The paths, without `.rs`, of the modules that only tests compile.
    pub fn test_files(&self) -> Vec<String> {
        let folder = self.path.trim_end_matches(".rs").trim_end_matches("/mod").trim_end_matches("/lib");
        self.test_modules.iter().map(|module| format!("{folder}/{module}")).collect()
    }

    pub fn is_in(&self, folder: &str) -> bool {
        self.path.starts_with(folder)
    }

    pub fn text(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| &token.text)
    }

    pub fn line(&self, at: usize) -> usize {
        self.tokens.get(at).map_or(0, |token| token.line)
    }

    /// The end of the group that this token opens; the token itself when it opens none.
    pub fn closing(&self, at: usize) -> usize {
        self.closing.get(at).copied().unwrap_or(at)
    }

    pub fn words(&self, is_meant: impl Fn(&str) -> bool) -> Vec<Finding> {
        let words = self.tokens.iter().filter(|token| token.is_word && is_meant(&token.text));
        words.map(|token| (token.line, token.text.clone())).collect()
    }

    /// The places at which these tokens stand in a row.
    pub fn find(&self, row: &[&str]) -> Vec<usize> {
        let starts = self.tokens.windows(row.len()).enumerate();
        starts
            .filter(|(_, window)| window.iter().map(|token| &*token.text).eq(row.iter().copied()))
            .map(|(at, _)| at)
            .collect()
    }

    /// Whether the `[` at this place opens an attribute.
    pub fn is_attribute(&self, at: usize) -> bool {
        self.text(at.wrapping_sub(1)) == "#"
            || (self.text(at.wrapping_sub(1)) == "!" && self.text(at.wrapping_sub(2)) == "#")
    }

    /// Whether a comment stands on the line, or is the line right above it. What documents an item proves nothing.
    pub fn has_proof(&self, line: usize) -> bool {
        let own = self.lines.get(line.wrapping_sub(1)).map_or("", |line| line.trim());
        let above = self.lines.get(line.wrapping_sub(2)).map_or("", |line| line.trim());
        (own.contains("// ") && !own.starts_with("//")) || above.starts_with("// ")
    }
}

/// Whether the trees begin with `#[cfg(test)]`, or a condition that has it.
fn is_test_attribute(trees: &[TokenTree]) -> bool {
    let [TokenTree::Punct(mark), TokenTree::Group(attribute), ..] = trees else {
        return false;
    };
    let text = attribute.stream().to_string().replace(' ', "");
    mark.as_char() == '#' && (text == "cfg(test)" || text.starts_with("cfg(all(test,"))
}

fn ends_item(tree: &TokenTree) -> bool {
    match tree {
        TokenTree::Punct(mark) => mark.as_char() == ';',
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        _ => false,
    }
}

/// All of `src` that is shipped, read once.
pub fn sources() -> &'static [Source] {
    static SOURCES: OnceLock<Vec<Source>> = OnceLock::new();
    SOURCES.get_or_init(|| sources_of("src"))
}

/// All of a crate's files, but for those that only tests compile.
pub fn sources_of(root: &str) -> Vec<Source> {
    let files: Vec<Source> = files(root, &["rs"]).iter().map(|path| Source::parse(path, &read(path))).collect();
    assert!(files.len() > 20, "{root} has been looked for in the wrong place");
    let for_tests: BTreeSet<String> = files.iter().flat_map(Source::test_files).collect();
    let is_for_tests = |path: &str| {
        for_tests.iter().any(|module| path == format!("{module}.rs") || path.starts_with(&format!("{module}/")))
    };
    files.into_iter().filter(|file| !is_for_tests(&file.path)).collect()
}

/// The files with one of these endings in a folder of the project, by their paths from its root.
pub fn files(folder: &str, endings: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join(folder)).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{folder}/{name}");
        if !entry.path().is_dir() {
            let is_meant = Path::new(&name).extension().is_some_and(|ending| endings.iter().any(|own| ending == *own));
            found.extend(is_meant.then_some(path));
        } else if !matches!(&*name, "target" | "node_modules" | "__pycache__") {
            found.extend(files(&path, endings));
        }
    }
    found.sort();
    found
}

/// How many lines a file of the project has.
pub fn lines(path: &str) -> usize {
    read(path).lines().count()
}

pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

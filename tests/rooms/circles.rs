//! No two files of a room import each other, by whatever way round.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Source, sources, sources_of};
use super::{report, scripts};

/// Which files each file names.
pub type Graph = BTreeMap<String, BTreeSet<String>>;

#[test]
fn src_has_no_circle() {
    hold(&imports(sources(), "src"));
}

#[test]
fn xtask_has_no_circle() {
    hold(&imports(&sources_of("xtask/src"), "xtask/src"));
}

#[test]
fn scripts_have_no_circle() {
    hold(&scripts::imports());
}

/// Fails with every circle.
fn hold(graph: &Graph) {
    assert!(graph.len() > 10, "the files have been looked for in the wrong place");
    report(circles(graph).iter().map(|circle| circle.join(" → ")), "move what both need into a file of its own");
}

/// One circle, the shortest, of each group of files that lead to each other: the files in their order, the first once more.
pub fn circles(graph: &Graph) -> Vec<Vec<String>> {
    let mut circles = Vec::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for start in graph.keys() {
        if seen.contains(start.as_str()) {
            continue;
        }
        let Some(circle) = way_back(graph, start) else { continue };
        let ahead = reached(graph, start);
        seen.extend(ahead.into_iter().filter(|other| reached(graph, other).contains(start.as_str())));
        circles.push(circle);
    }
    circles
}

/// Every file that a file leads to.
fn reached<'a>(graph: &'a Graph, start: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&str> = graph.get(start).into_iter().flatten().map(String::as_str).collect();
    while let Some(file) = next.pop() {
        if reached.insert(file) {
            next.extend(graph.get(file).into_iter().flatten().map(String::as_str));
        }
    }
    reached
}

/// The shortest way from a file to itself.
fn way_back(graph: &Graph, start: &str) -> Option<Vec<String>> {
    let mut ways = vec![vec![start.to_owned()]];
    let mut seen = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for next in way.last().and_then(|last| graph.get(last)).into_iter().flatten() {
                let more = [way.clone(), vec![next.clone()]].concat();
                if next == start {
                    return Some(more);
                }
                if seen.insert(next.clone()) {
                    longer.push(more);
                }
            }
        }
        ways = longer;
    }
    None
}

/// Which files of a crate name which, by `use` and by paths elsewhere. A file that re-exports what is in its child names
/// the child, and a child that takes something of its parent's names the parent; that a child is there names nobody.
pub fn imports(sources: &[Source], root: &str) -> Graph {
    let modules: BTreeMap<Vec<&str>, &str> =
        sources.iter().map(|file| (module(&file.path, root), file.path.as_str())).collect();
    let mut graph = Graph::new();
    for file in sources {
        let own = module(&file.path, root);
        let named = graph.entry(file.path.clone()).or_default();
        for path in paths(file) {
            let Some(full) = resolved(&path, &own, &modules) else { continue };
            let named_file = (0..=full.len()).rev().find_map(|length| modules.get(full.get(..length)?));
            named.extend(named_file.filter(|other| **other != file.path).map(|other| (*other).to_owned()));
        }
    }
    graph
}

/// The module that a file is: `src/core/a/mod.rs` and `src/core/a.rs` are `[core, a]`.
fn module<'a>(path: &'a str, root: &str) -> Vec<&'a str> {
    let inner = path.strip_prefix(root).unwrap_or(path).trim_start_matches('/').trim_end_matches(".rs");
    inner.split('/').filter(|part| !matches!(*part, "mod" | "lib" | "main")).collect()
}

/// A path from the crate's root, of one that begins with a keyword or with a module beside or below its user.
fn resolved<'a>(path: &[&'a str], own: &[&'a str], modules: &BTreeMap<Vec<&str>, &str>) -> Option<Vec<&'a str>> {
    let (first, rest) = path.split_first()?;
    match *first {
        "crate" => Some(rest.to_vec()),
        "self" => Some([own, rest].concat()),
        "super" => {
            let above = rest.iter().take_while(|part| **part == "super").count();
            Some([own.get(..own.len().checked_sub(above + 1)?)?, rest.get(above..)?].concat())
        }
        child => {
            let child = [own, &[child]].concat();
            modules.contains_key(&child).then(|| [child.as_slice(), rest].concat())
        }
    }
}

/// Every path of more than one word, those in the braces of a `use` one by one.
fn paths(file: &Source) -> Vec<Vec<&str>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < file.tokens.len() {
        let begins = file.tokens.get(at).is_some_and(|token| token.is_word) && file.text(at.wrapping_sub(1)) != ":";
        at = if begins && file.text(at + 1) == ":" { tree(file, at, &[], &mut found) } else { at + 1 };
    }
    found
}

/// Takes in the paths of a tree of `use`, or the one path that is here, and gives the place behind it.
fn tree<'a>(file: &'a Source, mut at: usize, before: &[&'a str], found: &mut Vec<Vec<&'a str>>) -> usize {
    let mut path = before.to_vec();
    while file.tokens.get(at).is_some_and(|token| token.is_word) {
        path.push(file.text(at));
        at += 1;
        if file.text(at) != ":" || file.text(at + 1) != ":" {
            found.push(path);
            return at;
        }
        at += 2;
    }
    if file.text(at) != "{" {
        found.push(path); // `*`, or a type argument
        return at + 1;
    }
    at += 1;
    while at < file.tokens.len() && file.text(at) != "}" {
        let is_part = file.tokens.get(at).is_some_and(|token| token.is_word) || file.text(at) == "{";
        at = if is_part { tree(file, at, &path, found) } else { at + 1 };
    }
    at + 1
}

//! The search: every step in every state, and no state twice.

use std::collections::HashSet;

use crate::rest;
use crate::rules::Rules;
use crate::steps::Step;
use crate::world::World;

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    pub states: usize,
    pub steps: usize,
    /// States in which nothing was under way.
    pub rests: usize,
    /// The longest way to a state, in steps.
    pub depth: usize,
    /// Whether there was nothing left to try.
    pub is_whole: bool,
    /// What does not hold, and the steps to it.
    pub broken: Option<(String, Vec<Step>)>,
}

struct Frame {
    world: World,
    steps: Vec<Step>,
    next: usize,
}

/// Searches until something is broken, all is known, or it is enough of states.
pub fn search(rules: &Rules, is_enough: &dyn Fn(usize) -> bool) -> Found {
    let (mut found, mut known, mut text) = (Found::default(), HashSet::new(), String::new());
    let mut world = World::new(rules);
    known.insert(world.digest(&mut text));
    let steps = world.steps();
    let mut stack = vec![Frame { world, steps, next: 0 }];
    while let Some(frame) = stack.last_mut() {
        let Some(step) = frame.steps.get(frame.next).copied() else {
            stack.pop();
            continue;
        };
        frame.next += 1;
        found.steps += 1;
        let mut world = frame.world.clone();
        world.happen(step);
        let is_new = world.broken.is_some() || known.insert(world.digest(&mut text));
        if !is_new {
            continue;
        }
        let is_at_rest = world.broken.is_none() && world.is_at_rest();
        found.rests += usize::from(is_at_rest);
        found.depth = found.depth.max(stack.len());
        let broken = if is_at_rest { rest::broken(&world) } else { world.broken.clone() };
        if let Some(what) = broken {
            let way = stack.iter().map(|frame| frame.steps[frame.next - 1]).collect();
            found.broken = Some(shortened(rules, what, way));
            break;
        }
        if is_enough(known.len()) {
            found.states = known.len();
            return found;
        }
        let steps = world.steps();
        stack.push(Frame { world, steps, next: 0 });
    }
    found.states = known.len();
    found.is_whole = found.broken.is_none();
    found
}

/// What is broken at the end of these steps, as far as they can be taken.
pub fn replay(rules: &Rules, way: &[Step]) -> Option<String> {
    let mut world = World::new(rules);
    for step in way {
        if world.broken.is_some() {
            break;
        }
        if world.steps().contains(step) {
            world.happen(*step);
        }
    }
    world.broken.clone().or_else(|| world.is_at_rest().then(|| rest::broken(&world)).flatten())
}

/// Leaves out every step without which the same is broken.
fn shortened(rules: &Rules, what: String, mut way: Vec<Step>) -> (String, Vec<Step>) {
    let kind = |what: &str| what.split(':').next().unwrap_or_default().to_owned();
    let mut at = 0;
    while at < way.len() {
        let mut less = way.clone();
        less.remove(at);
        if replay(rules, &less).is_some_and(|other| kind(&other) == kind(&what)) {
            way = less;
            at = 0;
        } else {
            at += 1;
        }
    }
    (replay(rules, &way).unwrap_or(what), way)
}

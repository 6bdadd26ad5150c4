//! The numbers of what JavaScript keeps for us: which of them nobody has any more.

use std::cell::RefCell;
use std::sync::Weak;

use crate::core::value::HostRef;

thread_local! {
    static TAKEN: RefCell<Taken> = const { RefCell::new(Taken { watched: Vec::new(), limit: FEWEST }) };
}

/// Fewer numbers are not worth a look.
const FEWEST: usize = 64;

struct Taken {
    watched: Vec<(u32, Weak<()>)>,
    /// With so many it is time to look which are dead: twice as many as lived when that was last done.
    limit: usize,
}

/// Takes note of a number that came in.
pub fn taken(found: HostRef) -> HostRef {
    TAKEN.with_borrow_mut(|taken| taken.watched.push((found.number(), found.watch())));
    found
}

/// The numbers that nobody has any more, when it is time to look for them.
pub fn dead() -> Vec<u32> {
    TAKEN.with_borrow_mut(|taken| {
        let mut dead = Vec::new();
        if taken.watched.len() >= taken.limit {
            for (number, watch) in std::mem::take(&mut taken.watched) {
                if watch.strong_count() > 0 {
                    taken.watched.push((number, watch));
                } else {
                    dead.push(number);
                }
            }
            taken.limit = FEWEST.max(taken.watched.len() * 2);
        }
        dead
    })
}

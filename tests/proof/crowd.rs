//! A crowd is spread: by the jitter of the refresh before an outage, by that of the pauses after it.

#[path = "../../examples/crowd/day.rs"]
mod day;

use day::{Morning, NINE_SHARP, live};

#[test]
fn jitter_makes_the_load_of_a_crowd_ten_times_flatter_before_an_outage_and_after_it() {
    // Fewer than in docs/proof.md, and enough for chance to even out.
    let morning = Morning { clients: 10_000, ..NINE_SHARP };
    let (with, without) = (live(morning), live(Morning { jitter: false, ..morning }));
    for (from, to) in [(0, morning.outage.0), (morning.outage.1, morning.end)] {
        let (with, without) = (with.between(from, to), without.between(from, to));
        assert!(with.mean > 1.0 && without.mean > 1.0, "somebody refreshes: {with:?}, {without:?}");
        assert!(without.ratio() / with.ratio() > 10.0, "without {without:?}, with {with:?}");
    }
}

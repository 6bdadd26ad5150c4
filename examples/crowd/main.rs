//! `npm run crowd`: a million clients whose workday begins at nine, with and without jitter. Writes docs/pictures/crowd.svg and the
//! figures in docs/proof.md. Another number of clients is the first argument.
#![allow(clippy::print_stdout, clippy::expect_used, missing_docs)] // A program for people.

use std::fs;
use std::path::Path;

use doorkey::core::{platform, time, value};

#[allow(dead_code)]
#[path = "../../src/core/testing.rs"]
mod testing;

#[path = "../../tests/proof/document.rs"]
mod document;

mod day;
mod picture;

use day::{Counts, Load, Morning, NINE_SHARP, live};

fn main() {
    let asked = std::env::args().nth(1).map(|count| count.parse().expect("a number of clients"));
    // In the world without jitter each millisecond of the arrival has as many.
    let clients = asked.unwrap_or(NINE_SHARP.clients).next_multiple_of(NINE_SHARP.arrival);
    let morning = Morning { clients, ..NINE_SHARP };
    let without = live(Morning { jitter: false, ..morning });
    let with = live(morning);
    let table = table(&morning, &without, &with);
    println!("{table}");
    let picture = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures/crowd.svg");
    fs::write(picture, picture::svg(&morning, &without, &with)).expect("the picture is written");
    document::write("crowd", &table);
}

/// The figures, before the outage and from its end on.
fn table(morning: &Morning, without: &Counts, with: &Counts) -> String {
    let parts = [("before the outage", 0, morning.outage.0), ("from its end on", morning.outage.1, morning.end)];
    let mut text = format!(
        "{} clients sign in within a second at nine; tokens live {} minutes; the server is away from 9:{:02} to 9:{:02}.\n\n\
         | when | peak, without | mean, without | peak over mean | peak, with | mean, with | peak over mean | flatter by |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|\n",
        grouped(morning.clients as f64),
        morning.lifetime / 60_000,
        morning.outage.0 / 60_000,
        morning.outage.1 / 60_000
    );
    for (name, from, to) in parts {
        let (one, other) = (without.between(from, to), with.between(from, to));
        let cells = |load: Load| format!("{} | {} | {:.0}", grouped(load.peak), grouped(load.mean), load.ratio());
        text.push_str(&format!(
            "| {name} | {} | {} | {:.1} times |\n",
            cells(one),
            cells(other),
            one.ratio() / other.ratio()
        ));
    }
    text
}

/// A number with a comma at each thousand.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

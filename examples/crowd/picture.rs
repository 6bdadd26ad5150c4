//! The load as a picture: the most refreshes in a second, minute by minute, on a scale of powers of ten.

use std::fmt::Write as _;

use crate::day::{BIN, Counts, Morning};

const WIDTH: f64 = 860.0;
const HEIGHT: f64 = 200.0;
const LEFT: f64 = 64.0;
const TOP: f64 = 44.0;
const BETWEEN: f64 = 74.0;

/// Each of the two mornings in a field of its own.
pub fn svg(morning: &Morning, without: &Counts, with: &Counts) -> String {
    let (wide, high) = (LEFT + WIDTH + 16.0, TOP + 2.0 * HEIGHT + BETWEEN + 40.0);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide} {high}\" font-family=\"system-ui, sans-serif\" \
         font-size=\"13\" role=\"img\" aria-label=\"Refreshes in a second at the server, without and with jitter\">\n\
         <style>\n  rect.page {{ fill: #fff }} text {{ fill: #222 }} .grid {{ stroke: #ddd }} .away {{ fill: #f3d9d9 }}\n  \
         .bar {{ fill: #1f5fa8 }}\n  @media (prefers-color-scheme: dark) {{ rect.page {{ fill: #16181c }} text {{ fill: #ddd }} \
         .grid {{ stroke: #333 }} .away {{ fill: #4a2626 }} .bar {{ fill: #7db2ee }} }}\n</style>\n\
         <rect class=\"page\" width=\"{wide}\" height=\"{high}\"/>\n"
    );
    field(&mut text, TOP, "without jitter: refreshes in a second (the most in each ten seconds)", morning, without);
    field(&mut text, TOP + HEIGHT + BETWEEN, "with jitter, as doorkey is", morning, with);
    text.push_str("</svg>\n");
    text
}

fn field(text: &mut String, top: f64, title: &str, morning: &Morning, counts: &Counts) {
    let most = (morning.clients as f64).log10().ceil();
    let x = |at: f64| LEFT + at / morning.end as f64 * WIDTH;
    let y = |count: f64| top + HEIGHT - (count.max(1.0).log10() / most) * HEIGHT;
    let _ = writeln!(text, "<text x=\"{LEFT}\" y=\"{}\">{title}</text>", top - 12.0);
    let (from, to) = (x(morning.outage.0 as f64), x(morning.outage.1 as f64));
    let _ = writeln!(
        text,
        "<rect class=\"away\" x=\"{from:.1}\" y=\"{top}\" width=\"{:.1}\" height=\"{HEIGHT}\"/>\
         <text x=\"{:.1}\" y=\"{}\" font-size=\"11\" text-anchor=\"end\">server away</text>",
        to - from,
        from - 4.0,
        top + 14.0
    );
    for power in 0..=most as i32 {
        let at = y(10_f64.powi(power));
        let label = if power == 0 { "1".to_owned() } else { format!("10{}", superscript(power)) };
        let _ = writeln!(
            text,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
            LEFT + WIDTH,
            LEFT - 8.0,
            at + 4.0
        );
    }
    let ten = (10_000 / BIN) as usize;
    for (at, bins) in counts.0.chunks(ten).enumerate() {
        let peak = bins.windows((1000 / BIN) as usize).map(|second| second.iter().sum::<u64>()).max().unwrap_or(0);
        if peak > 0 {
            let (left, right) = (x(at as f64 * 10_000.0), x((at + 1) as f64 * 10_000.0));
            let above = y(peak as f64);
            let high = (top + HEIGHT - above).max(1.0);
            let wide = (right - left - 0.3).max(0.5);
            let _ = writeln!(
                text,
                "<rect class=\"bar\" x=\"{left:.1}\" y=\"{:.1}\" width=\"{wide:.1}\" height=\"{high:.1}\"/>",
                top + HEIGHT - high
            );
        }
    }
    for minute in (0..=morning.end / 60_000).step_by(10) {
        let at = x((minute * 60_000) as f64);
        let label = format!("{}:{:02}", 9 + minute / 60, minute % 60);
        let _ =
            writeln!(text, "<text x=\"{at:.1}\" y=\"{}\" text-anchor=\"middle\">{label}</text>", top + HEIGHT + 18.0);
    }
}

fn superscript(power: i32) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    power.to_string().bytes().map(|digit| DIGITS[usize::from(digit - b'0')]).collect()
}

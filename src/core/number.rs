//! Numbers as text, as JavaScript prints them (ECMA-262, Number::toString).
//!
//! Own code because the standard library's float formatting is 9.5 kB of wasm, and never writes an exponent.

use std::cmp::Ordering;

/// The text of a number, as JavaScript's `String(number)` gives it.
pub fn number_to_text(number: f64) -> String {
    let mut text = String::new();
    push_number(number, &mut text);
    text
}

/// Adds the text of a number.
pub(super) fn push_number(number: f64, text: &mut String) {
    if number.is_nan() {
        return text.push_str("NaN");
    }
    if number < 0.0 {
        text.push('-');
    }
    if number.is_infinite() {
        return text.push_str("Infinity");
    }
    let (digits, point) = shortest(number.abs());
    let (point, exponent) = if (-5..=21).contains(&point) { (point, 0) } else { (1, point - 1) };
    // Places where there is no digit hold a zero: before the first digit of 0.001, behind the last of 1000.
    for place in (point - 1).min(0)..point.max(digits.len() as i32) {
        if place == point {
            text.push('.');
        }
        let digit = usize::try_from(place).ok().and_then(|place| digits.get(place));
        text.push(char::from(b'0' + digit.unwrap_or(&0)));
    }
    if exponent != 0 {
        text.push_str(if exponent < 0 { "e-" } else { "e+" });
        push_number(f64::from(exponent.abs()), text);
    }
}

/// The shortest digits that no other double is nearer to, and the place of the decimal point: 0.`digits` times 10 to the `point`.
///
/// The free-format algorithm of Steele and White, in the form of Burger and Dybvig ("Printing Floating-Point Numbers Quickly and
/// Accurately", 1996): exact, and without tables. All quantities are scaled by a common factor so that they are integers.
fn shortest(number: f64) -> (Vec<u8>, i32) {
    const FRACTION_BITS: u32 = 52;
    let fraction = number.to_bits() & ((1 << FRACTION_BITS) - 1);
    let exponent_bits = (number.to_bits() >> FRACTION_BITS) as i32;
    if number == 0.0 {
        return (vec![0], 1);
    }
    // `number` is `mantissa` times 2 to the `exponent`; below the smallest normal number the leading bit is not implied.
    let mantissa = if exponent_bits == 0 { fraction } else { fraction | 1 << FRACTION_BITS };
    let exponent = exponent_bits.max(1) - 1075;
    // At a power of two the next double below is nearer than the one above.
    let half_gap_below = if fraction == 0 && exponent_bits > 1 { 1 } else { 2 };
    // A tie goes to the double whose mantissa is even, so its interval has its ends.
    let closed = mantissa % 2 == 0;

    let (up, down) = (exponent.max(0), (-exponent).max(0));
    let mut rest = Big::new(mantissa * 4, up);
    let mut above = Big::new(2, up);
    let mut below = Big::new(half_gap_below, up);
    let mut unit = Big::new(4, down);

    let mut point = 0;
    while reaches(rest.plus(&above), &unit, closed) {
        unit.times(10);
        point += 1;
    }
    loop {
        let mut high = rest.plus(&above);
        high.times(10);
        if reaches(high, &unit, closed) {
            break;
        }
        rest.times(10);
        above.times(10);
        below.times(10);
        point -= 1;
    }

    let mut digits = Vec::new();
    loop {
        rest.times(10);
        above.times(10);
        below.times(10);
        let mut digit = 0;
        while rest.cmp(&unit).is_ge() {
            rest.subtract(&unit);
            digit += 1;
        }
        let low_enough = reaches(below, &rest, closed);
        let high_enough = reaches(rest.plus(&above), &unit, closed);
        if low_enough || high_enough {
            let nearer_up = rest.plus(&rest).cmp(&unit).is_ge();
            digits.push(digit + u8::from(high_enough && (!low_enough || nearer_up)));
            return (digits, point);
        }
        digits.push(digit);
    }
}

/// Whether `sum` is above `limit`, or at it where the interval is closed.
fn reaches(sum: Big, limit: &Big, closed: bool) -> bool {
    match sum.cmp(limit) {
        Ordering::Less => false,
        Ordering::Equal => closed,
        Ordering::Greater => true,
    }
}

/// An integer of up to 1120 bits, lowest limb first. What [`shortest`] needs most is 1081 bits, for the smallest double.
#[derive(Clone, Copy)]
struct Big([u32; 35]);

impl Big {
    /// `number` times 2 to the `shift`.
    fn new(number: u64, shift: i32) -> Self {
        let mut big = Self([0; 35]);
        for (limb, bits) in big.0.iter_mut().zip([number as u32, (number >> 32) as u32]) {
            *limb = bits;
        }
        for _ in 0..shift {
            big.times(2);
        }
        big
    }

    fn times(&mut self, factor: u32) {
        let mut carry = 0;
        for limb in &mut self.0 {
            let product = u64::from(*limb) * u64::from(factor) + carry;
            *limb = product as u32;
            carry = product >> 32;
        }
    }

    fn plus(mut self, other: &Self) -> Self {
        let mut carry = 0;
        for (limb, more) in self.0.iter_mut().zip(other.0) {
            let sum = u64::from(*limb) + u64::from(more) + carry;
            *limb = sum as u32;
            carry = sum >> 32;
        }
        self
    }

    /// Takes away what is not more than `self`.
    fn subtract(&mut self, other: &Self) {
        let mut borrow = false;
        for (limb, less) in self.0.iter_mut().zip(other.0) {
            let (difference, first) = limb.overflowing_sub(less);
            let (difference, second) = difference.overflowing_sub(u32::from(borrow));
            *limb = difference;
            borrow = first || second;
        }
    }

    fn cmp(&self, other: &Self) -> Ordering {
        self.0.iter().rev().cmp(other.0.iter().rev())
    }
}

//! Numbers as text, as JavaScript prints them (ECMA-262, Number::toString).
//!
//! Own code because the standard library's float formatting is 9.5 kB of wasm, and never writes an exponent.

/// Below this each whole number is a double.
const COUNTABLE: f64 = 9_007_199_254_740_992.0;

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
    // The digits of what can be counted one by one stand in it as they are.
    if number.abs() < COUNTABLE && number.fract() == 0.0 {
        return push_whole(number.abs() as u64, text);
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
        push_whole(u64::from(exponent.unsigned_abs()), text);
    }
}

fn push_whole(number: u64, text: &mut String) {
    if number > 9 {
        push_whole(number / 10, text);
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}

/// The fewest digits that no other double is nearer to, and the place of the decimal point: 0.`digits` times 10 to the `point`.
/// The number is positive.
///
/// Every double is a finite decimal. That decimal is rounded to one digit, to two, and so on, until what comes out lies between
/// the middles of the gaps to the next doubles. Exact, without tables, and of no more digits than the number has.
fn shortest(number: f64) -> (Vec<u8>, i32) {
    const FRACTION_BITS: u32 = 52;
    let fraction = number.to_bits() & ((1 << FRACTION_BITS) - 1);
    let exponent_bits = (number.to_bits() >> FRACTION_BITS) as i32;
    // `number` is `mantissa` times 2 to the `exponent`; below the smallest normal number the leading bit is not implied.
    // Two more bits make room for the middles of the gaps.
    let mantissa = 4 * if exponent_bits == 0 { fraction } else { fraction | 1 << FRACTION_BITS };
    let exponent = exponent_bits.max(1) - 1077;
    // At a power of two the next double below is nearer than the one above.
    let below = if fraction == 0 && exponent_bits > 1 { 1 } else { 2 };

    let exact = expand(mantissa, exponent);
    let low = expand(mantissa - below, exponent);
    let high = expand(mantissa + 2, exponent);
    // A half is five tenths: a negative power of two has as many decimal places.
    let places = exact.len() as i32 + exponent.min(0);

    let mut end = first_digit(&exact);
    loop {
        end += 1;
        let half = u8::from(exact.get(end).is_some_and(|digit| *digit >= 5));
        // Only at a power of two may rounding up come out inside where rounding to the nearest does not.
        for carry in [half, 1] {
            let rounded = round(&exact, end, carry);
            // A tie goes to the double whose mantissa is even, so the interval of such a one has its ends.
            let at_an_end = mantissa % 8 == 0 && (rounded == low || rounded == high);
            if at_an_end || (low < rounded && rounded < high) || end >= exact.len() {
                let start = first_digit(&rounded);
                let mut digits = rounded.get(start..end).unwrap_or_default().to_vec();
                // 9.99… becomes 10: one digit more than was asked for, and a zero.
                while digits.last() == Some(&0) {
                    digits.pop();
                }
                return (digits, places - start as i32);
            }
        }
    }
}

/// The decimal digits of `mantissa` times 2 to the `exponent`, or, when that is negative, of as much times 10 to its opposite.
/// As many places for the same exponent, so that comparing the digits compares the numbers.
fn expand(mantissa: u64, exponent: i32) -> Vec<u8> {
    // 17 digits for the mantissa, one for the carry of rounding, one for the remainder of the next division.
    const MANTISSA_PLACES: usize = 19;
    // 9 times 5 to this power, and a carry as large, are far below 2^32: so many powers are multiplied in at once.
    const POWERS_AT_ONCE: u32 = 8;
    let base: u32 = if exponent < 0 { 5 } else { 2 };
    let mut powers = exponent.unsigned_abs();
    // Each power of 5 makes up to 0.699 digits more, one of 2 fewer.
    let mut digits = vec![0; MANTISSA_PLACES + powers as usize * 7 / 10];
    let mut rest = mantissa;
    for digit in digits.iter_mut().rev() {
        *digit = (rest % 10) as u8;
        rest /= 10;
    }
    while powers > 0 {
        let factor = base.pow(powers.min(POWERS_AT_ONCE));
        powers = powers.saturating_sub(POWERS_AT_ONCE);
        let mut carry = 0;
        for digit in digits.iter_mut().rev() {
            let product = u32::from(*digit) * factor + carry;
            *digit = (product % 10) as u8;
            carry = product / 10;
        }
    }
    digits
}

/// The digits before `end`, with `carry` added to the last of them, and zeros behind.
fn round(digits: &[u8], end: usize, mut carry: u8) -> Vec<u8> {
    let mut rounded = digits.to_vec();
    for (place, digit) in rounded.iter_mut().enumerate().rev() {
        if place >= end {
            *digit = 0;
        } else {
            *digit += carry;
            carry = *digit / 10;
            *digit %= 10;
        }
    }
    rounded
}

fn first_digit(digits: &[u8]) -> usize {
    digits.iter().position(|digit| *digit != 0).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::number_to_text;

    #[test]
    fn numbers_are_printed_as_by_javascript() {
        for (number, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-1.5, "-1.5"),
            (10.0, "10"),
            (100.25, "100.25"),
            (0.1, "0.1"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1.0 / 3.0, "0.3333333333333333"),
            (2.0 / 3.0, "0.6666666666666666"),
            (1e-6, "0.000001"),
            (1.234e-6, "0.000001234"),
            (1e-7, "1e-7"),
            (1.5e-7, "1.5e-7"),
            (1e-14, "1e-14"),
            (9_999_999_999_999_998.0, "9999999999999998"),
            (2_f64.powi(-1017), "7.120236347223045e-307"),
            (9_007_199_254_740_991.0, "9007199254740991"),
            (9_007_199_254_740_993.0, "9007199254740992"),
            (9.95, "9.95"),
            (1e20, "100000000000000000000"),
            (123_456_789_012_345_680_000.0, "123456789012345680000"),
            (1e21, "1e+21"),
            (1.5e21, "1.5e+21"),
            (2_f64.powi(60), "1152921504606847000"),
            (2_f64.powi(-44), "5.684341886080802e-14"),
            (1.797_693_134_862_315_7e308, "1.7976931348623157e+308"),
            (2.225_073_858_507_201_4e-308, "2.2250738585072014e-308"),
            (2.225_073_858_507_201e-308, "2.225073858507201e-308"),
            (5e-324, "5e-324"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(number_to_text(number), text);
        }
    }

    #[test]
    fn powers_of_two_are_shortest_though_their_neighbours_are_not_equally_far() {
        for exponent in -1074..=1023 {
            let number = 2_f64.powi(exponent);
            assert_eq!(number_to_text(number), reference(number), "two to the {exponent}");
        }
    }

    /// JavaScript's text from the digits that the standard library finds, which are the shortest and nearest too.
    fn reference(number: f64) -> String {
        // Zero has no sign in JavaScript's text.
        let number = number + 0.0;
        let scientific = format!("{number:e}");
        let (sign, scientific) = scientific.strip_prefix('-').map_or(("", &*scientific), |rest| ("-", rest));
        let (digits, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
        let exponent: i32 = exponent.parse().unwrap_or(0);
        if (-6..21).contains(&exponent) {
            return format!("{number}");
        }
        format!("{sign}{digits}e{}{}", if exponent < 0 { "-" } else { "+" }, exponent.abs())
    }

    proptest! {
        #[test]
        fn integers_are_printed_as_by_rust(number in -(1_i64 << 53)..=1 << 53) {
            prop_assert_eq!(number_to_text(number as f64), number.to_string());
        }

        #[test]
        fn any_double_is_printed_as_by_the_reference(number in any::<f64>()) {
            prop_assert_eq!(number_to_text(number), reference(number));
        }

        #[test]
        fn short_decimals_are_printed_as_they_are_written(digits in 0..1_000_000_000_i64, places in 0..9_i32) {
            let number = digits as f64 / 10_f64.powi(places);
            prop_assert_eq!(number_to_text(number), format!("{number}"));
        }
    }
}

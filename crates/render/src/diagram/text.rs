//! How wide text is, since nothing is measured here: names stand in a monospaced face.

/// The width of a character at 12 pixels in a monospaced face, in pixels.
const CHARACTER: f64 = 7.25;
/// The same of a character that takes two cells in East Asian scripts.
const WIDE: f64 = 12.5;

/// The width of a text at 12 pixels, in pixels.
pub(super) fn width(text: &str) -> f64 {
    text.chars().map(|character| if is_wide(character) { WIDE } else { CHARACTER }).sum()
}

/// The blocks that terminals draw over two cells, roughly: Hangul, kana, ideographs, full-width forms, emoji.
fn is_wide(character: char) -> bool {
    matches!(u32::from(character),
        0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f
        | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1faff | 0x20000..=0x3fffd)
}

/// The text, cut to a number of characters with a mark that it was.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_and_wide_ones_measured() {
        assert_eq!(cut("appointments", 12), "appointments");
        assert_eq!(cut("appointments", 6), "appoi…");
        assert_eq!(cut("käse", 3), "kä…");
        assert!(width("患者") > width("ab"));
    }
}

//! The id and the day of a new review.

use ulid::Ulid;

use crate::protocol::Stamp;

/// A stamp for a review made now: the id from the browser's clock and randomness, the day from the reader's
/// own calendar.
pub(crate) fn now() -> Stamp {
    let now = js_sys::Date::new_0();
    let mut random = [0_u8; 16];
    // Browsers always have a source of randomness; should one refuse it, an id that is merely unlikely to
    // repeat is better than no review.
    if getrandom::fill(&mut random).is_err() {
        random.copy_from_slice(&js_sys::Math::random().to_bits().to_le_bytes().repeat(2));
    }
    Stamp {
        id: Ulid::from_parts(milliseconds(&now), u128::from_le_bytes(random)).to_string(),
        date: format!(
            "{:04}-{:02}-{:02}",
            now.get_full_year(),
            now.get_month() + 1,
            now.get_date()
        ),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a clock before 1970 saturates to 0, and one past the year 280000 is not expected"
)]
fn milliseconds(date: &js_sys::Date) -> u64 {
    date.get_time() as u64
}

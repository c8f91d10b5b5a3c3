//! The nearest known word, for "did you mean".

/// The candidate closest to `word` by edits, when it is close enough to be meant.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // Long input cannot be a misspelt key; the bound keeps the work small.
    if word.len() > 64 {
        return None;
    }
    let limit = (word.chars().count() / 3).max(1) + 1;
    candidates
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein distance in characters, one row at a time.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, from) in a.chars().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(at + 1);
        for (((to, delete), replace), insert_at) in
            b.iter().zip(row.iter().skip(1)).zip(&row).zip(0..)
        {
            let insert: usize = next.get::<usize>(insert_at).copied().unwrap_or(usize::MAX - 1);
            let replace = replace + usize::from(from != *to);
            next.push((insert + 1).min(delete + 1).min(replace));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_only_what_is_close() {
        let keys = ["classes", "rules", "waive", "soft_delete"];
        assert_eq!(nearest("clases", keys), Some("classes"));
        assert_eq!(nearest("softdelete", keys), Some("soft_delete"));
        assert_eq!(nearest("waiver", keys), Some("waive"));
        assert_eq!(nearest("kubernetes", keys), None);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}

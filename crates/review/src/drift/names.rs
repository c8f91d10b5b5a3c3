//! Names as words: what people call a table, and whether two names may mean the same.

use crate::facts::words::singular;

/// `care_team_assignments` as `Care Team Assignments`.
pub(crate) fn human(name: &str) -> String {
    let words = words(name).into_iter().map(|word| {
        let mut chars = word.chars();
        match chars.next() {
            Some(first) => first.to_uppercase().chain(chars).collect(),
            None => String::new(),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The words of a name: split at anything that is no letter or digit and where lower case meets
/// upper case; in lower case.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower = false;
    for char in name.chars() {
        let starts = !char.is_alphanumeric() || (char.is_uppercase() && lower);
        if starts && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if char.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(char.to_lowercase());
        }
        lower = char.is_lowercase() || char.is_numeric();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether two words are one, but for number and common endings: `members` and `membership`.
pub(crate) fn same_word(a: &str, b: &str) -> bool {
    let (a, b) = (singular(a), singular(b));
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    a == b
        || (short.len() >= 4
            && long.strip_prefix(short.as_str()).is_some_and(|ending| {
                matches!(
                    ending,
                    "ship" | "ment" | "ing" | "al" | "er" | "or" | "ed" | "ization" | "ion"
                )
            }))
}

/// Whether every word of the shorter name is in the longer one: `care_team` and
/// `care_team_assignments`, not `patient_allergies` and `patient_notes`.
pub(crate) fn related_tables(a: &str, b: &str) -> bool {
    let (a, b) = (words(a), words(b));
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    !short.is_empty() && short.iter().all(|word| long.iter().any(|other| same_word(word, other)))
}

/// Whether two columns of one type may be one under two names: `phone` and `phone_number`,
/// `birth_date` and `date_of_birth`, `dob` and `date_of_birth`; not `note` and `note_type`.
pub(crate) fn related_columns(a: &str, b: &str) -> bool {
    /// Words that say how a value is kept, not what it is.
    const LIGHT: [&str; 8] = ["at", "on", "of", "is", "the", "date", "time", "ts"];
    /// Words that make another thing of what they are added to.
    const TURNING: [&str; 14] = [
        "type", "status", "code", "kind", "count", "hash", "verified", "id", "flag", "by", "from",
        "to", "old", "new",
    ];
    let (a, b) = (words(a), words(b));
    if initials(&a, &b) || initials(&b, &a) {
        return true;
    }
    let heavy = |words: Vec<String>| -> Vec<String> {
        words.into_iter().filter(|word| !LIGHT.contains(&word.as_str())).collect()
    };
    let (a, b) = (heavy(a), heavy(b));
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let shared = short.iter().all(|word| long.iter().any(|other| same_word(word, other)));
    let turned = long
        .iter()
        .filter(|word| !short.iter().any(|other| same_word(word, other)))
        .any(|word| TURNING.contains(&word.as_str()));
    !short.is_empty() && shared && !turned
}

/// Whether the one name is the initials of the other's words.
fn initials(short: &[String], long: &[String]) -> bool {
    let [short] = short else { return false };
    long.len() >= 3 && long.iter().filter_map(|word| word.chars().next()).eq(short.chars())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_words() {
        assert_eq!(human("care_team_assignments"), "Care Team Assignments");
        assert_eq!(human("OrganizationMember"), "Organization Member");
        assert_eq!(human("__x"), "X");
        assert_eq!(human(""), "");
    }

    #[test]
    fn related_names() {
        assert!(related_tables("organization_memberships", "organization_members"));
        assert!(related_tables("care_team", "care_team_assignments"));
        assert!(!related_tables("patient_allergies", "patient_notes"));
        for (a, b, expect) in [
            ("phone", "phone_number", true),
            ("birth_date", "date_of_birth", true),
            ("dob", "date_of_birth", true),
            ("note", "note_type", false),
            ("is_active", "is_deleted", false),
            ("created_at", "updated_at", false),
            ("email", "email_verified", false),
        ] {
            assert_eq!(related_columns(a, b), expect, "{a} {b}");
        }
    }
}

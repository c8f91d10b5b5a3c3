//! Table patterns: names with `*` for any text.

use schemaward_catalog::QualifiedName;

/// Whether a pattern (`billing_*`, `app.patients`) matches a table.
///
/// A pattern without a dot is matched against the bare name in any schema, one with a dot against
/// `schema.name`. Names are compared as PostgreSQL folds them: a pattern is lower-cased first
/// unless the table's own name is not lower case.
pub fn matches_pattern(pattern: &str, table: &QualifiedName) -> bool {
    let full;
    let name = if pattern.contains('.') {
        full = format!("{}.{}", table.schema, table.name);
        full.as_str()
    } else {
        table.name.as_str()
    };
    glob(pattern.as_bytes(), name.as_bytes())
        || glob(pattern.to_lowercase().as_bytes(), name.as_bytes())
}

/// Matches with one level of backtracking: the last `*` is the only one that needs widening, so
/// the work is bounded by the product of the lengths.
fn glob(pattern: &[u8], text: &[u8]) -> bool {
    let (mut rest_pattern, mut rest_text) = (pattern, text);
    let mut retry: Option<(&[u8], &[u8])> = None;
    loop {
        match (rest_pattern.split_first(), rest_text.split_first()) {
            (Some((b'*', after)), _) => {
                retry = Some((after, rest_text));
                rest_pattern = after;
            }
            (Some((p, after_p)), Some((t, after_t))) if p == t => {
                (rest_pattern, rest_text) = (after_p, after_t);
            }
            (None, None) => return true,
            _ => match retry {
                Some((after, from)) => {
                    let Some((_, from)) = from.split_first() else { return false };
                    retry = Some((after, from));
                    (rest_pattern, rest_text) = (after, from);
                }
                None => return false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_match_any_text() {
        let cases = [
            ("patients", "patients", true),
            ("patients", "patient", false),
            ("care_team_*", "care_team_assignments", true),
            ("message*", "messages", true),
            ("message*", "messages_archive", true),
            ("message*", "sms_message", false),
            ("*_log*s", "audit_logs", true),
            ("*ab*ab", "abxabyab", true),
            ("*ab*ab", "abxaby", false),
            ("app.*", "app.patients", true),
            ("public.*", "app.patients", false),
            ("Patients", "patients", true),
            ("*", "anything", true),
            ("", "anything", false),
        ];
        for (pattern, table, expect) in cases {
            let (schema, name) = table.split_once('.').unwrap_or(("public", table));
            let table = QualifiedName::new(schema, name);
            assert_eq!(matches_pattern(pattern, &table), expect, "{pattern} on {table}");
        }
    }
}

//! Names split into words on token boundaries, in the singular.

/// The words of a name: `careTeamAssignments` and `care_team_assignments` are both
/// `care`, `team`, `assignment`; `MRNNumber` is `mrn`, `number`. Digits end a word and are dropped.
pub(crate) fn words(name: &str) -> Vec<String> {
    if name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_') {
        // What most names are: only what is no letter parts words.
        let parts = name.split(|c: char| !c.is_ascii_lowercase());
        return parts.filter(|part| !part.is_empty()).map(singular).collect();
    }
    let mut words = Vec::new();
    let mut word = String::new();
    let (mut after_lower, mut after_upper) = (false, false);
    let mut chars = name.chars();
    while let Some(c) = chars.next() {
        // The last capital of a run begins the next word, but the s of `IDs` makes a plural.
        let mut rest = chars.clone();
        let begins = c.is_uppercase()
            && after_upper
            && rest.next().is_some_and(char::is_lowercase)
            && (!chars.as_str().starts_with('s') || rest.next().is_some_and(char::is_lowercase));
        let starts_word = !c.is_alphabetic() || (c.is_uppercase() && after_lower) || begins;
        if starts_word && !word.is_empty() {
            words.push(singular(&word));
            word.clear();
        }
        (after_lower, after_upper) = (c.is_lowercase(), c.is_uppercase());
        if c.is_alphabetic() {
            word.extend(c.to_lowercase());
        }
    }
    if !word.is_empty() {
        words.push(singular(&word));
    }
    words
}

/// Whether a name has the words of `phrase` (separated by spaces) next to each other.
pub(crate) fn has_phrase(words: &[String], phrase: &str) -> bool {
    (0..words.len()).any(|start| {
        let mut rest = words.iter().skip(start);
        phrase.split(' ').all(|word| rest.next().is_some_and(|own| own == word))
    })
}

/// The singular of an English noun, as far as table names need it.
pub(crate) fn singular(word: &str) -> String {
    const UNCHANGED: [&str; 8] =
        ["diagnosis", "analysis", "status", "sms", "series", "news", "address", "basis"];
    if word == "ids" {
        return "id".to_owned();
    }
    if UNCHANGED.contains(&word) || word.len() < 4 {
        return word.to_owned();
    }
    let irregular = match word {
        "people" => "person",
        "diagnoses" => "diagnosis",
        "analyses" => "analysis",
        "staff" => "staff",
        "children" => "child",
        _ => "",
    };
    if !irregular.is_empty() {
        return irregular.to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    if word.ends_with("ouses") || word.ends_with("auses") {
        return word.strip_suffix('s').unwrap_or(word).to_owned();
    }
    for ending in ["sses", "uses", "xes", "ches", "shes"] {
        if word.ends_with(ending) {
            return word.strip_suffix("es").unwrap_or(word).to_owned();
        }
    }
    if word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        return word.to_owned();
    }
    word.strip_suffix('s').unwrap_or(word).to_owned()
}

/// `a`, `a` and `b`, `a`, `b` and `c`.
pub(crate) fn list(items: &[String], conjunction: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [start @ .., last] => format!("{} {conjunction} {last}", start.join(", ")),
    }
}

/// Names in backticks, as a list in a sentence.
pub(crate) fn quoted_list<S: AsRef<str>>(items: &[S], conjunction: &str) -> String {
    let items: Vec<String> = items.iter().map(|item| format!("`{}`", item.as_ref())).collect();
    list(&items, conjunction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_on_token_boundaries() {
        let cases = [
            ("care_team_assignments", "care team assignment"),
            ("careTeamAssignments", "care team assignment"),
            ("allergies", "allergy"),
            ("device_readings_2025", "device reading"),
            ("addresses", "address"),
            ("diagnosis_codes", "diagnosis code"),
            ("statuses", "status"),
            ("people", "person"),
            ("calls", "call"),
            ("recalls", "recall"),
            ("warehouses", "warehouse"),
            ("MRNNumber", "mrn number"),
            ("patientIDs", "patient id"),
            ("IDsOfUsers", "id of user"),
            ("HTTPRequests", "http request"),
            ("SSN", "ssn"),
        ];
        for (name, expect) in cases {
            assert_eq!(words(name).join(" "), expect);
        }
        assert!(has_phrase(&words("patient_contact_methods"), "contact method"));
        assert!(!has_phrase(&words("contact_lens_methods"), "contact method"));
    }
}

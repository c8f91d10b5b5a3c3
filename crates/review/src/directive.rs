//! Directives in table comments: a class or a waiver written where the table is.

use schemaward_catalog::{Catalog, QualifiedName};

use crate::standard::{KNOWN_RULES, is_date, nearest};
use crate::{Class, Unread};

/// What a table's comment says to the review.
#[derive(Clone, Debug, Default)]
pub(crate) struct Directives {
    /// Classes by table.
    pub(crate) classes: Vec<(QualifiedName, Class)>,
    /// Waivers by table.
    pub(crate) waivers: Vec<(QualifiedName, TableWaiver)>,
    /// Directives that could not be read.
    pub(crate) notes: Vec<Unread>,
}

/// A waiver of one rule on one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TableWaiver {
    /// The rule.
    pub(crate) rule: String,
    /// The last day it holds, `YYYY-MM-DD`.
    pub(crate) until: Option<String>,
    /// The reason.
    pub(crate) because: String,
}

#[derive(Debug, PartialEq, Eq)]
enum Directive {
    Class(Class),
    Waive(TableWaiver),
}

/// The word that starts a directive.
const MARK: &str = "schemaward:";

impl Directives {
    /// Reads the comments of all tables.
    pub(crate) fn of(catalog: &Catalog) -> Self {
        let mut found = Self::default();
        for table in catalog.tables.values() {
            let Some(comment) = &table.comment else { continue };
            for text in comment.text.split(MARK).skip(1) {
                match read(text.lines().next().unwrap_or_default()) {
                    Ok(Directive::Class(class)) => {
                        found.classes.push((table.name.clone(), class));
                    }
                    Ok(Directive::Waive(waiver)) => {
                        found.waivers.push((table.name.clone(), waiver));
                    }
                    Err(why) => {
                        let reason =
                            format!("a directive in the comment of `{}`: {why}", table.name);
                        found.notes.push(Unread { origin: comment.origin, reason });
                    }
                }
            }
        }
        found
    }

    /// The class a table's comment gives it.
    pub(crate) fn class(&self, table: &QualifiedName) -> Option<Class> {
        self.classes.iter().find(|(name, _)| name == table).map(|(_, class)| *class)
    }
}

fn read(text: &str) -> Result<Directive, String> {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix("class") {
        let rest = rest.trim_start();
        let word = rest.strip_prefix('=').ok_or("write `class=` and a class")?.trim_start();
        let end = word.find(|c: char| !c.is_alphabetic()).unwrap_or(word.len());
        let word = word.get(..end).unwrap_or_default().to_lowercase();
        return Class::ALL
            .into_iter()
            .find(|class| class.word() == word)
            .map(Directive::Class)
            .ok_or_else(|| {
                if let Some(near) = nearest(&word, Class::ALL.iter().map(|class| class.word())) {
                    return format!("unknown class `{word}`; did you mean `{near}`?");
                }
                let known: Vec<&str> = Class::ALL.iter().map(|class| class.word()).collect();
                format!("unknown class `{word}`; classes are {}", known.join(", "))
            });
    }
    let Some(rest) = text.strip_prefix("waive ") else {
        return Err("only `class=…` and `waive RULE [until DATE] because …` are known".into());
    };
    let mut words = rest.split_whitespace();
    let rule = words.next().unwrap_or_default();
    if !KNOWN_RULES.contains(&rule) {
        return Err(match nearest(rule, KNOWN_RULES.iter().copied()) {
            Some(known) => format!("unknown rule `{rule}`; did you mean `{known}`?"),
            None => format!("unknown rule `{rule}`"),
        });
    }
    let mut next = words.next();
    let mut until = None;
    if next == Some("until") {
        let date = words.next().unwrap_or_default();
        if !is_date(date) {
            return Err(format!("`{date}` is no date of the form YYYY-MM-DD"));
        }
        until = Some(date.to_owned());
        next = words.next();
    }
    let because = words.collect::<Vec<_>>().join(" ");
    if next != Some("because") || because.is_empty() {
        return Err(format!("the waiver of `{rule}` gives no reason; add `because …`"));
    }
    Ok(Directive::Waive(TableWaiver { rule: rule.to_owned(), until, because }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_directives() {
        assert_eq!(read("class=reference"), Ok(Directive::Class(Class::Reference)));
        assert_eq!(read(" class = audit. More"), Ok(Directive::Class(Class::Audit)));
        let waiver = |until: Option<&str>| {
            Ok(Directive::Waive(TableWaiver {
                rule: "rls-missing".into(),
                until: until.map(Into::into),
                because: "login comes first".into(),
            }))
        };
        assert_eq!(read("waive rls-missing because login comes first"), waiver(None));
        assert_eq!(
            read("waive rls-missing until 2026-06-30 because login comes first"),
            waiver(Some("2026-06-30"))
        );
        for wrong in [
            "waive rls-missing",
            "waive rls-missing because",
            "waive rls-mising because x",
            "waive rls-missing until tomorrow because x",
            "class=medical",
            "ignore",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}

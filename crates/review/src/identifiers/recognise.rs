//! One column: its name, its type and its comment against the dictionary.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use schemaward_catalog::{Catalog, Column, DataType, Table, UserTypeKind};

use super::Kind;
use super::dictionary::{
    About, BIN, BOOL, DATE, ENTRIES, ENUM, Entry, GEO, HARDWARE_ADDRESS, IP_ADDRESS, MAC, NET, NUM,
    TEXT, UUID,
};
use super::subject::{PERSON, Subject};
use super::tokens::{Names, tokens};
use crate::Class;

/// One phrase of the dictionary, with its entries in the order in which they are tried.
struct Phrase {
    words: Vec<&'static str>,
    entries: Vec<&'static Entry>,
}

/// Phrases by their last word, the longest first.
static INDEX: LazyLock<BTreeMap<&'static str, Vec<Phrase>>> = LazyLock::new(|| {
    let mut index: BTreeMap<&str, Vec<Phrase>> = BTreeMap::new();
    for entry in ENTRIES {
        for text in entry.phrases {
            let words: Vec<&str> = text.split(' ').collect();
            let Some(last) = words.last() else { continue };
            let phrases = index.entry(last).or_default();
            match phrases.iter_mut().find(|phrase| phrase.words == words) {
                Some(phrase) => phrase.entries.push(entry),
                None => phrases.push(Phrase { words, entries: vec![entry] }),
            }
        }
    }
    for phrases in index.values_mut() {
        phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.words.len()));
    }
    index
});

/// Words after a noun that leave it what it is: a way to write it, or its unit.
const NEUTRAL: &[&str] = &[
    "bcrypt",
    "bpm",
    "cipher",
    "ciphertext",
    "cm",
    "crypt",
    "ct",
    "digest",
    "dl",
    "enc",
    "encrypted",
    "hash",
    "hashed",
    "kg",
    "lb",
    "masked",
    "mg",
    "ml",
    "mm",
    "mmhg",
    "normalized",
    "number",
    "pem",
    "percent",
    "plain",
    "plus",
    "raw",
    "secondary",
    "sha",
    "str",
    "string",
    "text",
    "txt",
    "url",
    "uri",
    "value",
];

/// Words that make a name a yes or no.
const FLAG: &[&str] = &[
    "allow", "can", "did", "disable", "enable", "had", "has", "hide", "include", "is", "may",
    "must", "need", "prefer", "require", "send", "should", "show", "skip", "use", "was", "were",
    "will",
];

/// Words that make a name a count or a measure of things.
const COUNT: &[&str] = &["avg", "count", "max", "min", "no", "number", "sum", "total"];

/// Last words that say something about a thing, and not the thing.
const NOT_THE_THING: &[&str] = &[
    "code",
    "count",
    "country",
    "domain",
    "extension",
    "flag",
    "format",
    "id",
    "kind",
    "label",
    "status",
    "type",
];

/// What a column holds, and what shows it.
pub(super) fn recognise<'a>(
    catalog: &Catalog,
    names: &Names<'a>,
    table: &Table,
    column: &'a Column,
    subject: &Subject,
) -> Option<(&'static Kind, String)> {
    let (holds, type_name) = holds(catalog, &column.data_type);
    // A key to another table's row is a reference, unless what it refers by is itself the fact.
    let refers = table.foreign_keys().any(|(_, key)| key.columns.contains(&column.name));
    if refers && holds & (TEXT | DATE) == 0 {
        return None;
    }
    let name = names.tokens(&column.name);
    if let Some((entry, phrase)) = matching(&name, holds, subject, false) {
        let mut because = format!("its name says “{phrase}”");
        because.push_str(context(entry, subject));
        return Some((entry.kind, because));
    }
    by_type(&column.data_type, holds, type_name.as_deref(), &name, subject)
        .or_else(|| by_comment(column, holds, subject))
}

/// The context that an entry needed.
fn context(entry: &Entry, subject: &Subject) -> &'static str {
    match entry.about {
        About::Care => ", on a clinical table",
        About::Person if subject.person => ", in a table of people",
        About::People if subject.people => ", in a table about people",
        _ => "",
    }
}

/// The longest phrase that a name ends with, when the dictionary means it here.
fn matching(
    name: &[String],
    holds: u16,
    subject: &Subject,
    strong_only: bool,
) -> Option<(&'static Entry, String)> {
    let first = name.first()?.as_str();
    let flag = FLAG.contains(&first) || holds == BOOL;
    if name.len() > 1 && COUNT.contains(&first) {
        return None;
    }
    let mut name = name;
    loop {
        let last = name.last()?.as_str();
        let phrase = INDEX.get(last).and_then(|phrases| {
            phrases.iter().find(|phrase| {
                name.len() >= phrase.words.len()
                    && name.iter().rev().zip(phrase.words.iter().rev()).all(|(a, b)| a == b)
            })
        });
        if let Some(phrase) = phrase {
            let before = name.get(..name.len() - phrase.words.len()).unwrap_or_default();
            let entry = phrase.entries.iter().find(|entry| {
                entry.holds & holds != 0
                    && (!flag || entry.holds & BOOL != 0)
                    && (!strong_only || entry.about != About::Care)
                    && (entry.tables.is_empty() || subject.says(entry.tables))
                    && !before.iter().any(|word| entry.unless.contains(&word.as_str()))
                    && means(entry, subject, before)
            })?;
            return Some((entry, phrase.words.join(" ")));
        }
        if !NEUTRAL.contains(&last) {
            return None;
        }
        name = name.get(..name.len() - 1)?;
    }
}

/// Whether a word means its entry's thing in this table, with these words before it.
fn means(entry: &Entry, subject: &Subject, before: &[String]) -> bool {
    let qualified = || {
        before.iter().any(|word| {
            PERSON.contains(&word.as_str())
                || matches!(
                    word.as_str(),
                    "billing" | "home" | "personal" | "private" | "emergency"
                )
        })
    };
    let listed = subject.class == Class::Reference;
    match entry.about {
        About::Anyone => true,
        About::Person => subject.person && !subject.place && !listed || qualified(),
        About::People => subject.people && !subject.place && !listed || qualified(),
        About::NotPlace => !subject.place && !listed || qualified(),
        About::Care => subject.class == Class::Clinical && !subject.place,
        About::Health => {
            !matches!(subject.class, Class::Reference | Class::Audit) && !subject.place
        }
    }
}

/// What a type says where the name says nothing: addresses of a network, types of one's own.
fn by_type(
    data_type: &DataType,
    holds: u16,
    type_name: Option<&str>,
    name: &[String],
    subject: &Subject,
) -> Option<(&'static Kind, String)> {
    let ours = subject.class != Class::Reference && !subject.place;
    if holds == NET && ours {
        return Some((&IP_ADDRESS, "its type is `inet`".to_owned()));
    }
    if holds == MAC && ours && subject.people {
        return Some((&HARDWARE_ADDRESS, format!("its type is `{data_type}`")));
    }
    let mut words = tokens(type_name?);
    while words.last().is_some_and(|word| matches!(word.as_str(), "type" | "domain" | "t" | "dom"))
    {
        words.pop();
    }
    // The name may deny what the type says: `phone_type` holds no phone, whatever its type is called.
    if name.last().is_some_and(|word| NOT_THE_THING.contains(&word.as_str())) {
        return None;
    }
    let (entry, _) = matching(&words, holds, subject, true)?;
    Some((entry.kind, format!("its type is `{data_type}`")))
}

/// What a comment says where name and type say nothing: its first words must be the noun itself.
fn by_comment(column: &Column, holds: u16, subject: &Subject) -> Option<(&'static Kind, String)> {
    const CUT: &[&str] = &[
        "and", "as", "at", "by", "for", "from", "if", "in", "is", "of", "on", "or", "per", "that",
        "to", "used", "when", "where", "which", "with",
    ];
    const ARTICLE: &[&str] = &["a", "an", "her", "his", "its", "s", "the", "their", "this"];
    let comments = column.comment.iter().chain(&column.remarks);
    for comment in comments {
        let clause = comment.text.split(['.', ';', ':', ',', '(', '\n']).next().unwrap_or_default();
        let mut words = tokens(clause);
        let skipped = words
            .iter()
            .take_while(|word| ARTICLE.contains(&word.as_str()) || PERSON.contains(&word.as_str()))
            .count();
        words.drain(..skipped);
        // "Date of birth" holds a preposition of its own.
        let own = matches!(words.as_slice(), [date, of, ..] if date == "date" && of == "of");
        let from = if own { 3 } else { 1 };
        let end = words
            .iter()
            .enumerate()
            .skip(from)
            .find(|(_, word)| CUT.contains(&word.as_str()))
            .map_or(words.len(), |(at, _)| at);
        words.truncate(end);
        // A long clause is about something else and only mentions the noun.
        if words.len() > 5
            || words.iter().any(|word| matches!(word.as_str(), "not" | "never" | "without" | "no"))
        {
            continue;
        }
        if let Some((entry, _)) = matching(&words, holds, subject, true) {
            return Some((entry.kind, format!("its comment says “{}”", clause.trim())));
        }
    }
    None
}

/// What a type can hold, with the name of a type that is not built in.
fn holds(catalog: &Catalog, data_type: &DataType) -> (u16, Option<String>) {
    // A type of the server comes before one of its name in the search path.
    if data_type.is_builtin() {
        return (builtin(&data_type.name), None);
    }
    if let Some(found) = catalog.user_type(data_type) {
        let own = Some(data_type.name.clone());
        return match &found.kind {
            UserTypeKind::Domain { base, .. } => (builtin(&base.name), own),
            UserTypeKind::Enum(_) => (ENUM, None),
            _ => (TEXT, own),
        };
    }
    if data_type.serial_base().is_some() {
        return (builtin(&data_type.name), None);
    }
    match data_type.name.as_str() {
        "citext" => (TEXT, None),
        "geometry" | "geography" => (GEO, None),
        // A type that the text does not define may hold anything its name says.
        name => (TEXT | NUM | DATE, Some(name.to_owned())),
    }
}

fn builtin(name: &str) -> u16 {
    match name {
        "text" | "character varying" | "character" | "name" | "json" | "jsonb" | "xml"
        | "citext" => TEXT,
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" | "money"
        | "serial" | "bigserial" | "smallserial" => NUM,
        "date" | "timestamp without time zone" | "timestamp with time zone" => DATE,
        "boolean" => BOOL,
        "uuid" => UUID,
        "bytea" => BIN,
        "inet" => NET,
        "macaddr" | "macaddr8" => MAC,
        "point" => GEO,
        _ => 0,
    }
}

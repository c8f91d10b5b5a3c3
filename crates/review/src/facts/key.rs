//! Where a key's values come from.

use std::collections::BTreeSet;

use schemaward_catalog::{Catalog, Column, Expression, Function, ObjectName, Origin, UserTypeKind};
use sqlparser::ast::Expr;

use super::expression::{bare, calls, object_name};
use super::words::words;
use crate::{KeyKind, Standard};

/// The source of a column's values, as far as the text shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Generator {
    /// A known kind, with what makes it (`` `gen_random_uuid()` ``).
    Kind {
        /// The kind.
        kind: KeyKind,
        /// What makes it, as it can stand in a sentence.
        how: String,
        /// The default or column that shows it.
        origin: Origin,
    },
    /// Something that is none of the kinds a standard can mandate, described.
    Other {
        /// What it is ("a time-based UUID by `uuid_generate_v1()`").
        what: String,
        /// The default that shows it.
        origin: Origin,
    },
    /// Nothing in the text generates a value.
    None,
    /// There is a default, but the text does not show what it generates.
    Unknown {
        /// Why, and what would settle it.
        because: String,
        /// The default.
        origin: Origin,
    },
}

/// How deep calls between functions are followed.
const MAX_DEPTH: usize = 5;

const RANDOM: &[&str] =
    &["gen_random_uuid", "uuid_generate_v4", "uuidv4", "uuid_v4", "gen_uuid_v4"];
const ORDERED: &[&str] =
    &["uuidv7", "uuid_generate_v7", "uuid_v7", "uuid7", "gen_uuid_v7", "generate_uuid_v7"];
const ULID: &[&str] = &[
    "gen_ulid",
    "gen_monotonic_ulid",
    "generate_ulid",
    "ulid_generate",
    "idkit_ulid_generate",
    "idkit_ulid_generate_text",
];
const TIME_BASED: &[&str] = &["uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v6"];
const CLOCK: &[&str] = &["clock_timestamp", "now", "statement_timestamp", "transaction_timestamp"];
const CLOCK_WORDS: &[&str] = &["current_timestamp", "localtimestamp"];
const RANDOMNESS: &[&str] = &["gen_random_bytes", "gen_random_uuid", "random", "uuid_generate_v4"];
const HASHES: &[&str] = &["md5", "sha256", "sha512", "digest", "hashtext"];

/// Reads the generator of a column: identity, type, default, domain default.
pub(crate) fn generator(catalog: &Catalog, standard: &Standard, column: &Column) -> Generator {
    let origin = column.origin;
    if column.identity.is_some() {
        let how = "an identity column".to_owned();
        return Generator::Kind { kind: KeyKind::Identity, how, origin };
    }
    if let Some(generated) = &column.generated {
        let what = format!("a value computed from other columns (`{}`)", generated.expression.text);
        return Generator::Other { what, origin };
    }
    let domain_default = || match &catalog.user_type(&column.data_type)?.kind {
        UserTypeKind::Domain { default, .. } => default.as_ref(),
        _ => None,
    };
    match column.default.as_ref().or_else(domain_default) {
        Some(default) => of_expression(catalog, standard, default),
        None if column.data_type.name == "ulid" => {
            // The type of the ulid extension says what it holds, whoever makes the value.
            let how = "the type `ulid`".to_owned();
            Generator::Kind { kind: KeyKind::Ulid, how, origin }
        }
        None => Generator::None,
    }
}

/// Reads the generator of an expression that gives a column its value.
pub(crate) fn of_expression(
    catalog: &Catalog,
    standard: &Standard,
    default: &Expression,
) -> Generator {
    let origin = default.origin;
    let Some(ast) = default.ast.as_deref() else {
        let because = format!("the default `{}` could not be parsed", default.text);
        return Generator::Unknown { because, origin };
    };
    let names: BTreeSet<ObjectName> = match bare(ast) {
        Expr::Function(function) if is_generator_call(function) => {
            [object_name(&function.name)].into()
        }
        Expr::Value(_) => {
            let what = format!("the constant `{}`", default.text);
            return Generator::Other { what, origin };
        }
        other => calls(other),
    };
    // An expression around a generator (`'pat_' || gen_ulid()`) is judged by what it calls.
    let found: Vec<Judged> =
        names.iter().map(|name| judge(catalog, standard, name, MAX_DEPTH)).collect();
    let mut known: Vec<&Judged> =
        found.iter().filter(|judged| matches!(judged, Judged::Kind(..))).collect();
    known.dedup();
    let how = format!("`{}`", default.text);
    match known.as_slice() {
        [Judged::Kind(kind)] => Generator::Kind { kind: *kind, how, origin },
        [] => match found.into_iter().find(|judged| !matches!(judged, Judged::Silent)) {
            Some(Judged::Other(what)) => {
                Generator::Other { what: format!("{what} by {how}"), origin }
            }
            Some(Judged::Unknown(because)) => Generator::Unknown { because, origin },
            _ => {
                let because =
                    format!("the default `{}` calls no generator this tool knows", default.text);
                Generator::Unknown { because, origin }
            }
        },
        _ => {
            let because = format!("the default `{}` mixes several generators", default.text);
            Generator::Unknown { because, origin }
        }
    }
}

/// Whether a call stands for itself: one without nested calls that matter more.
fn is_generator_call(function: &sqlparser::ast::Function) -> bool {
    let name = object_name(&function.name).name;
    !matches!(
        name.as_str(),
        "encode"
            | "replace"
            | "concat"
            | "lower"
            | "upper"
            | "coalesce"
            | "uuid_in"
            | "substring"
            | "translate"
            | "format"
            | "overlay"
            | "convert_from"
            | "md5"
            | "decode"
    )
}

/// The functions of a catalog whose bodies build keys of a kind, or that the standard declares to.
///
/// A plan uses the first of them as the default of the keys it repairs.
pub(crate) fn generators_of_kind<'a>(
    catalog: &'a Catalog,
    standard: &Standard,
    kind: KeyKind,
) -> Vec<&'a Function> {
    catalog
        .functions
        .values()
        .filter(|function| {
            let name = ObjectName {
                schema: Some(function.name.schema.clone()),
                name: function.name.name.clone(),
            };
            function.arguments.is_empty()
                && !function.procedure
                && function.returns != "trigger"
                && judge(catalog, standard, &name, MAX_DEPTH) == Judged::Kind(kind)
        })
        .collect()
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Judged {
    Kind(KeyKind),
    Other(String),
    Unknown(String),
    /// A function that generates nothing (`lower`, `now`).
    Silent,
}

fn judge(catalog: &Catalog, standard: &Standard, name: &ObjectName, depth: usize) -> Judged {
    let declared = standard.primary_key.generators.iter().any(|generator| {
        let (schema, own) = match generator.split_once('.') {
            Some((schema, own)) => (Some(schema), own),
            None => (None, generator.as_str()),
        };
        // Without a schema on either side the names alone decide.
        own == name.name
            && (schema.is_none() || name.schema.is_none() || schema == name.schema.as_deref())
    });
    if declared {
        return Judged::Kind(standard.primary_key.kind);
    }
    let functions = catalog.functions_named(name);
    match functions.first() {
        Some(function) if depth > 0 => match of_body(catalog, standard, function, depth) {
            // What a body does not show, a name that extensions use for it may.
            Judged::Unknown(because) | Judged::Other(because) => {
                by_name(name).unwrap_or(Judged::Unknown(because))
            }
            judged => judged,
        },
        Some(_) => Judged::Unknown(format!("`{name}()` goes through too many functions to follow")),
        None => by_name(name).unwrap_or_else(|| {
            if is_silent(&name.name) {
                Judged::Silent
            } else {
                Judged::Unknown(format!(
                    "`{name}()` is not defined in the given text; add its definition, or name it \
                     under `generators` in the standard"
                ))
            }
        }),
    }
}

/// Built-in functions, and those of extensions, by their names.
fn by_name(name: &ObjectName) -> Option<Judged> {
    let own = name.name.as_str();
    if RANDOM.contains(&own) {
        Some(Judged::Kind(KeyKind::Uuid4))
    } else if ORDERED.contains(&own) {
        Some(Judged::Kind(KeyKind::Uuid7))
    } else if ULID.contains(&own) {
        Some(Judged::Kind(KeyKind::Ulid))
    } else if own == "nextval" {
        Some(Judged::Kind(KeyKind::Serial))
    } else if TIME_BASED.contains(&own) {
        Some(Judged::Other("a time-based UUID of version 1 or 6".into()))
    } else if own == "gen_random_bytes" || own == "random" {
        Some(Judged::Kind(KeyKind::Uuid4))
    } else {
        None
    }
}

/// Built-in functions that shape a value without generating one.
fn is_silent(name: &str) -> bool {
    CLOCK.contains(&name)
        || HASHES.contains(&name)
        || matches!(
            name,
            "encode"
                | "decode"
                | "replace"
                | "concat"
                | "lower"
                | "upper"
                | "coalesce"
                | "nullif"
                | "uuid_in"
                | "substring"
                | "substr"
                | "translate"
                | "format"
                | "to_char"
                | "lpad"
                | "overlay"
                | "left"
                | "right"
                | "floor"
                | "extract"
                | "int8send"
                | "uuid_send"
                | "convert_from"
                | "set_bit"
                | "to_hex"
                | "current_setting"
                | "date_part"
        )
}

/// A project function is judged by what its body does, not by its name.
fn of_body(catalog: &Catalog, standard: &Standard, function: &Function, depth: usize) -> Judged {
    let name = &function.name;
    let unknown = |why: &str| Judged::Unknown(format!("the body of `{name}()` {why}"));
    let Some(body) = &function.body else { return unknown("was not given") };
    if matches!(function.language.as_str(), "c" | "internal") {
        return unknown("is compiled code, which the text does not show");
    }
    let has =
        |list: &[&str]| body.facts.calls.iter().any(|call| list.contains(&call.name.as_str()));
    let lower = body.text.to_lowercase();
    let mut tokens = lower.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    let clock = has(CLOCK) || tokens.any(|token| CLOCK_WORDS.contains(&token));
    if clock && has(RANDOMNESS) {
        if has(HASHES) {
            return Judged::Kind(KeyKind::Uuid4);
        }
        let says_uuid7 = ["uuid7", "uuidv7", "uuid_v7"].iter().any(|part| name.name.contains(part));
        let says_ulid = words(&name.name).iter().any(|word| word == "ulid");
        // Version bits are what tells a version 7 UUID from a ULID of the same layout.
        let kind = if says_uuid7 || (has(&["set_bit"]) && !says_ulid) {
            KeyKind::Uuid7
        } else {
            KeyKind::Ulid
        };
        return Judged::Kind(kind);
    }
    let mut kinds: Vec<Judged> = body
        .facts
        .calls
        .iter()
        .map(|call| judge(catalog, standard, call, depth - 1))
        .filter(|judged| matches!(judged, Judged::Kind(_)))
        .collect();
    kinds.dedup();
    match kinds.as_slice() {
        [kind] => kind.clone(),
        [] if clock => Judged::Other("the clock without randomness".into()),
        _ => unknown("does not show what it generates"),
    }
}

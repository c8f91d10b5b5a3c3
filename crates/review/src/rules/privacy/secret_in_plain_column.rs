//! # `secret-in-plain-column`
//!
//! ## What it checks
//!
//! A column that holds a password, a token, a key, the secret of a second factor, a social security
//! number or a card number says that it does not hold it as it is: by its name (`password_hash`,
//! `ssn_encrypted`), by its type (`bytea`, a domain of one's own for encrypted text) or by its
//! comment ("argon2id hash").
//!
//! ## Why
//!
//! Whoever reads one row, a backup or a log of slow queries has the secret itself. A password
//! and a token only ever need to be compared, so a hash is enough; what must be read again can be
//! encrypted with a key that the database does not have.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE users (
//!     id         uuid PRIMARY KEY,
//!     email      text NOT NULL,
//!     mfa_secret text
//! );
//! ```
//!
//! ```sql passes
//! CREATE TABLE users (
//!     id                   uuid PRIMARY KEY,
//!     email                text NOT NULL,
//!     password_hash        text NOT NULL,
//!     mfa_secret_encrypted bytea
//! );
//! ```
//!
//! ## How to fix
//!
//! Keep a hash of what is only compared and ciphertext of what must be read. Where that is so already,
//! let the name or the column's comment say it.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(a)(2)(iv) encryption and decryption; OWASP Password Storage Cheat Sheet.

use schemaward_catalog::{Column, Table};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::words::words;
use crate::{Category, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "secret-in-plain-column",
    category: Category::Privacy,
    severity: Severity::Warning,
    title: "Secrets in plain columns",
    provenance: "own",
    impact: "One row, one backup or one log of queries gives the secret itself away.",
    references: &["Supports 45 CFR 164.312(a)(2)(iv) encryption and decryption"],
    control: Some(Control::Privacy),
    page: page!("secret_in_plain_column.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let secrets = context.identifiers(&table.name).iter().filter(|found| found.kind.secret);
    secrets
        .map(|found| {
            let column = found.column;
            if let Some(how) = protection(column) {
                return Answer::met(table, format!("`{}` {how}", column.name))
                    .column(&column.name)
                    .at(column.origin);
            }
            let message = format!(
                "`{}.{}` holds a {} as plain `{}`: neither its name nor its type nor its comment says \
                 that it is hashed or encrypted.",
                table.name, column.name, found.kind.name, column.data_type
            );
            Answer::unmet(table, message).column(&column.name).at(column.origin)
        })
        .collect()
}

/// Words that say that a value is not kept as it is.
const PROTECTED: &[&str] = &[
    "argon",
    "bcrypt",
    "cipher",
    "ciphertext",
    "crypt",
    "digest",
    "enc",
    "encrypted",
    "encryption",
    "hash",
    "hashed",
    "hmac",
    "kms",
    "masked",
    "pbkdf",
    "scrypt",
    "sealed",
    "sha",
    "tokenized",
    "vault",
    "wrapped",
    "pgp",
    "redacted",
];

/// How a column says that its secret is protected.
pub(crate) fn protection(column: &Column) -> Option<&'static str> {
    let says = |text: &str| {
        words(text).iter().any(|word| PROTECTED.contains(&word.trim_end_matches("id")))
    };
    if says(&column.name) {
        return Some("says in its name that it is not kept as it is");
    }
    if column.data_type.name == "bytea"
        || !column.data_type.is_builtin() && says(&column.data_type.name)
    {
        return Some("is of a type for hashes and ciphertext");
    }
    let mut comments = column.comment.iter().chain(&column.remarks);
    let denies = |text: &str| {
        words(text).iter().any(|word| {
            matches!(
                word.as_str(),
                "not"
                    | "no"
                    | "plain"
                    | "plaintext"
                    | "unencrypted"
                    | "todo"
                    | "unhashed"
                    | "cleartext"
                    | "should"
                    | "before"
            )
        })
    };
    comments
        .any(|comment| says(&comment.text) && !denies(&comment.text))
        .then_some("says in its comment that it is not kept as it is")
}

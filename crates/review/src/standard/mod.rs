//! The standard: what a review reviews against.

mod edit;
mod nearest;
mod notes;
mod parse;
mod pattern;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use schemaward_catalog::{DataType, QualifiedName};

use crate::{Class, Severity};

pub use edit::StandardText;
pub(crate) use nearest::nearest;
pub(crate) use notes::{Mention, notes};
pub(crate) use parse::{is_date, written_type};
pub use pattern::matches_pattern;

/// What the owners of a schema mandate. [`Standard::default`] is the built-in `hipaa` profile.
#[derive(Clone, Debug)]
pub struct Standard {
    /// Its name, shown in the report.
    pub name: String,
    /// The profile its defaults come from.
    pub profile: Profile,
    /// How rows are identified.
    pub primary_key: PrimaryKeyMandate,
    /// Creation and update times.
    pub timestamps: TimestampMandate,
    /// Soft deletes.
    pub soft_delete: SoftDeleteMandate,
    /// How rows belong to tenants.
    pub tenancy: Tenancy,
    /// Row-level security.
    pub rls: RowSecurityMandate,
    /// Audit triggers and the audit log.
    pub audit: AuditMandate,
    /// Contact safety.
    pub privacy: PrivacyMandate,
    /// What Python models are built from.
    pub models: ModelMandate,
    /// Classes by table pattern, in the order they were written; the first match wins.
    pub classes: Vec<ClassPattern>,
    /// Columns, uniqueness and values that features require.
    pub require: Requirements,
    /// Severities of rules that differ from the default; `None` switches a rule off.
    pub rules: BTreeMap<String, Option<Severity>>,
    /// Findings the owners accept.
    pub waivers: Vec<Waiver>,
    /// Every table that the file names, to be held against those that exist.
    pub(crate) mentions: Vec<Mention>,
}

/// The built-in set of mandates that a standard's defaults come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// Everything, with the mandates usual for health data.
    #[default]
    Hipaa,
    /// Integrity, access and performance without the health mandates.
    General,
}

/// How a primary key gets its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    /// A ULID: 48 bits of milliseconds, then 80 random bits.
    Ulid,
    /// A version 7 UUID: time first as well, with version bits.
    Uuid7,
    /// A random (version 4) UUID.
    Uuid4,
    /// `GENERATED … AS IDENTITY`.
    Identity,
    /// A sequence behind a default (`serial`).
    Serial,
    /// A value that means something outside the database.
    Natural,
    /// The standard mandates nothing.
    Any,
}

impl KeyKind {
    /// The word used in the standard.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ulid => "ulid",
            Self::Uuid7 => "uuid7",
            Self::Uuid4 => "uuid4",
            Self::Identity => "identity",
            Self::Serial => "serial",
            Self::Natural => "natural",
            Self::Any => "any",
        }
    }
}

/// The name people use in sentences: `ULID`, `UUIDv4`.
impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ulid => "ULID",
            Self::Uuid7 => "UUIDv7",
            Self::Uuid4 => "random UUIDv4",
            Self::Identity => "identity",
            Self::Serial => "serial",
            Self::Natural => "natural key",
            Self::Any => "any kind",
        })
    }
}

/// `[primary_key]`.
#[derive(Clone, Debug)]
pub struct PrimaryKeyMandate {
    /// The mandated kind.
    pub kind: KeyKind,
    /// The type it is stored in.
    pub storage: DataType,
    /// Further functions that count as generators of the mandated kind, as written.
    pub generators: Vec<String>,
    /// Tables (names or patterns) that the mandate leaves out.
    pub except: Vec<String>,
}

/// `[timestamps]`.
#[derive(Clone, Debug)]
pub struct TimestampMandate {
    /// The column that holds when a row was made.
    pub created: String,
    /// The column that holds when a row last changed.
    pub updated: String,
    /// Their type.
    pub data_type: DataType,
}

/// `[soft_delete]`.
#[derive(Clone, Debug)]
pub struct SoftDeleteMandate {
    /// The column that holds when a row was deleted.
    pub column: String,
    /// The classes that must have it.
    pub classes: Vec<Class>,
}

/// `[tenancy]`.
#[derive(Clone, Debug)]
pub struct Tenancy {
    /// The table of tenants.
    pub table: String,
    /// The column of other tables that names the tenant.
    pub column: String,
    /// The setting a policy learns the tenant from.
    pub setting: String,
    /// The setting a policy learns the user from.
    pub user_setting: String,
}

/// `[rls]`.
#[derive(Clone, Debug)]
pub struct RowSecurityMandate {
    /// The classes that must have it.
    pub classes: Vec<Class>,
    /// Whether it must hold for the table's owner too.
    pub force: bool,
}

/// A change that an audit trigger must see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AuditEvent {
    /// `INSERT`.
    Insert,
    /// `UPDATE`.
    Update,
    /// `DELETE`.
    Delete,
}

impl fmt::Display for AuditEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
        })
    }
}

/// `[audit]`.
#[derive(Clone, Debug)]
pub struct AuditMandate {
    /// The classes whose changes must be recorded.
    pub classes: Vec<Class>,
    /// The table that records them.
    pub table: String,
    /// The changes that must be recorded.
    pub events: Vec<AuditEvent>,
}

/// `[privacy]`.
#[derive(Clone, Debug)]
pub struct PrivacyMandate {
    /// The column that says whether a contact may be used for voice messages; `None` where the
    /// standard does not ask for it (an empty string in the file).
    pub safe_contact_flag: Option<String>,
}

/// `[models]`.
#[derive(Clone, Debug)]
pub struct ModelMandate {
    /// The mixin behind each mandate: `primary_key`, `timestamps`, `soft_delete`.
    pub mixins: BTreeMap<String, String>,
}

/// A place in a standard's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// 1-based line.
    pub line: usize,
    /// 1-based column, in Unicode scalar values.
    pub column: usize,
}

/// One pattern of `[classes]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassPattern {
    /// A table's name, with `*` for any text and optionally with its schema.
    pub pattern: String,
    /// The class of the tables it matches.
    pub class: Class,
    /// Where it stands in the file.
    pub at: Position,
}

/// `[[require.…]]`.
#[derive(Clone, Debug, Default)]
pub struct Requirements {
    /// Required columns.
    pub columns: Vec<RequiredColumn>,
    /// Required uniqueness.
    pub uniques: Vec<RequiredUnique>,
    /// Values a column must be limited to.
    pub values: Vec<RequiredValues>,
}

/// `[[require.column]]`.
#[derive(Clone, Debug)]
pub struct RequiredColumn {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// Its type, where it matters.
    pub data_type: Option<String>,
    /// Whether it accepts NULL, where it matters.
    pub nullable: Option<bool>,
    /// The owners' reason.
    pub because: String,
}

/// `[[require.unique]]`.
#[derive(Clone, Debug)]
pub struct RequiredUnique {
    /// The table.
    pub table: String,
    /// The columns that are unique together.
    pub columns: Vec<String>,
    /// The rows among which they are, as an SQL condition.
    pub predicate: Option<String>,
    /// The owners' reason.
    pub because: String,
}

/// `[[require.values]]`.
#[derive(Clone, Debug)]
pub struct RequiredValues {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// The values it may hold.
    pub values: Vec<String>,
    /// The owners' reason, where they gave one.
    pub because: Option<String>,
}

/// A finding the owners accept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// The rule.
    pub rule: String,
    /// The table, as a name or pattern; `None` means every subject of the rule.
    pub table: Option<String>,
    /// The last day it holds, `YYYY-MM-DD`.
    pub until: Option<String>,
    /// The owners' reason.
    pub because: String,
}

/// Why a standard cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandardError {
    /// What is wrong and what to write instead.
    pub message: String,
    /// 1-based line.
    pub line: usize,
    /// 1-based column, in Unicode scalar values.
    pub column: usize,
}

impl fmt::Display for StandardError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for StandardError {}

impl Default for Standard {
    fn default() -> Self {
        Self::of_profile(Profile::Hipaa)
    }
}

impl Standard {
    /// Reads a standard's TOML; an empty text is the built-in `hipaa` profile.
    ///
    /// Unknown keys, values, rules and classes are errors that suggest the nearest known one.
    pub fn parse(text: &str) -> Result<Self, StandardError> {
        parse::parse(text)
    }

    /// The built-in standard of a profile.
    pub fn of_profile(profile: Profile) -> Self {
        let health = profile == Profile::Hipaa;
        let classes = |classes: &[Class]| if health { classes.to_vec() } else { Vec::new() };
        Self {
            name: if health { "Built-in HIPAA profile" } else { "Built-in general profile" }.into(),
            profile,
            primary_key: PrimaryKeyMandate {
                kind: if health { KeyKind::Ulid } else { KeyKind::Any },
                storage: DataType::named("uuid"),
                generators: Vec::new(),
                except: Vec::new(),
            },
            timestamps: TimestampMandate {
                created: "created_at".into(),
                updated: "updated_at".into(),
                data_type: DataType::named("timestamptz"),
            },
            soft_delete: SoftDeleteMandate {
                column: "deleted_at".into(),
                classes: classes(&[Class::Clinical]),
            },
            tenancy: Tenancy {
                table: "organizations".into(),
                column: "organization_id".into(),
                setting: "app.current_tenant_id".into(),
                user_setting: "app.current_user_id".into(),
            },
            rls: RowSecurityMandate {
                classes: classes(&[Class::Clinical, Class::Financial, Class::Identity]),
                force: true,
            },
            audit: AuditMandate {
                classes: classes(&[
                    Class::Clinical,
                    Class::Financial,
                    Class::Identity,
                    Class::Operational,
                ]),
                table: "audit_logs".into(),
                events: vec![AuditEvent::Insert, AuditEvent::Update, AuditEvent::Delete],
            },
            privacy: PrivacyMandate {
                safe_contact_flag: health.then(|| "is_safe_for_voicemail".into()),
            },
            models: ModelMandate {
                mixins: [
                    ("primary_key", "UUIDMixin"),
                    ("timestamps", "TimestampMixin"),
                    ("soft_delete", "SoftDeleteMixin"),
                ]
                .into_iter()
                .map(|(mandate, mixin)| (mandate.to_owned(), mixin.to_owned()))
                .collect(),
            },
            classes: Vec::new(),
            require: Requirements::default(),
            rules: BTreeMap::new(),
            waivers: Vec::new(),
            mentions: Vec::new(),
        }
    }

    /// The class that the standard's own patterns give a table.
    pub fn class_of(&self, table: &QualifiedName) -> Option<&ClassPattern> {
        self.classes.iter().find(|entry| matches_pattern(&entry.pattern, table))
    }

    /// The severity of a rule under this standard; `None` when it is switched off.
    pub fn severity(&self, rule: &str, default: Severity) -> Option<Severity> {
        self.rules.get(rule).copied().unwrap_or(Some(default))
    }

    /// Whether a table is the one that holds the tenants.
    pub fn is_tenant_table(&self, table: &QualifiedName) -> bool {
        matches_pattern(&self.tenancy.table, table)
    }
}

/// Every rule of the catalogue, those of later versions too, so that a standard may name a rule
/// before this version knows it.
pub(crate) const KNOWN_RULES: &[&str] = &[
    "audit-actor-missing",
    "audit-log-missing",
    "audit-log-mutable",
    "audit-log-unindexed",
    "audit-old-values-missing",
    "audit-trigger-breaks-writes",
    "audit-trigger-disabled",
    "audit-trigger-incomplete",
    "audit-trigger-missing",
    "audit-truncate-unseen",
    "class-table-name-mismatch",
    "client-side-default",
    "constraint-not-validated",
    "contact-safety-flag",
    "default-privileges-open",
    "deleted-rows-visible",
    "foreign-key-oracle",
    "foreign-key-type-mismatch",
    "foreign-key-unindexed",
    "function-bypasses-rls",
    "function-search-path",
    "hard-delete-cascade",
    "hard-delete-granted",
    "history-unindexed",
    "immutable-reads-session",
    "index-duplicate",
    "index-redundant",
    "leakproof-misuse",
    "legacy-column",
    "materialized-view-exposes",
    "migration-bypasses-models",
    "migration-chain",
    "migration-drops-index",
    "migration-environment-dependent",
    "migration-irreversible",
    "migration-unsafe-add",
    "mixin-bypassed",
    "naive-datetime",
    "nullability-conflict",
    "partition-bypasses-rls",
    "phi-inventory",
    "phi-unprotected",
    "policies-all-permissive",
    "policy-all-restrictive",
    "policy-always-true",
    "policy-call-per-row",
    "policy-column-unindexed",
    "policy-current-user",
    "policy-editable-claim",
    "policy-ignores-row",
    "policy-literal-tenant",
    "policy-loose-match",
    "policy-missing-command",
    "policy-never-true",
    "policy-null-bypass",
    "policy-open-write",
    "policy-outside-models",
    "policy-public-role",
    "policy-reads-unprotected",
    "policy-setting-bypass",
    "policy-setting-unset",
    "policy-subquery",
    "policy-unknown-column",
    "policy-unknown-role",
    "policy-user-unscoped",
    "policy-volatile",
    "policy-without-rls",
    "policy-wrapped-column",
    "primary-key-generator-conflict",
    "primary-key-kind",
    "primary-key-missing",
    "primary-key-storage",
    "python-evaluated-condition",
    "reference-without-foreign-key",
    "required-check",
    "required-column",
    "required-unique",
    "rls-missing",
    "rls-not-forced",
    "rls-without-policy",
    "role-bypasses-rls",
    "secret-in-plain-column",
    "sensitive-column-granted",
    "soft-delete-malformed",
    "soft-delete-missing",
    "soft-delete-nonstandard",
    "tenant-key-nullable",
    "timestamp-without-time-zone",
    "timestamps-missing",
    "trigger-bypasses-rls",
    "unique-ignores-soft-delete",
    "unique-ignores-tenant",
    "untyped-attribute",
    "view-bypasses-rls",
    "view-leaky",
];

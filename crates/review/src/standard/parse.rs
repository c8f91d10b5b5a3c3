//! The standard's TOML, read strictly.

use std::collections::BTreeMap;

use schemaward_catalog::DataType;
use serde::Deserialize;
use toml::Spanned;

use super::nearest::nearest;
use super::{
    AuditEvent, ClassPattern, KNOWN_RULES, KeyKind, Mention, Position, Profile, RequiredColumn,
    RequiredUnique, RequiredValues, Requirements, Standard, StandardError, Waiver,
};
use crate::{Class, Severity};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Option<String>,
    profile: Option<FileProfile>,
    primary_key: Option<FilePrimaryKey>,
    timestamps: Option<FileTimestamps>,
    soft_delete: Option<FileSoftDelete>,
    tenancy: Option<FileTenancy>,
    rls: Option<FileRls>,
    audit: Option<FileAudit>,
    privacy: Option<FilePrivacy>,
    models: Option<FileModels>,
    classes: Option<BTreeMap<FileClass, Spanned<Vec<Spanned<String>>>>>,
    require: Option<FileRequire>,
    rules: Option<BTreeMap<Spanned<String>, FileSeverity>>,
    waive: Option<Vec<FileWaiver>>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum FileProfile {
    Hipaa,
    General,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FilePrimaryKey {
    kind: Option<FileKeyKind>,
    storage: Option<String>,
    generators: Option<Vec<String>>,
    except: Option<Vec<Spanned<String>>>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum FileKeyKind {
    Ulid,
    Uuid7,
    Uuid4,
    Identity,
    Any,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileTimestamps {
    created: Option<String>,
    updated: Option<String>,
    r#type: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSoftDelete {
    column: Option<String>,
    classes: Option<Vec<FileClass>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileTenancy {
    table: Option<String>,
    column: Option<String>,
    setting: Option<String>,
    user_setting: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRls {
    classes: Option<Vec<FileClass>>,
    force: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileAudit {
    classes: Option<Vec<FileClass>>,
    table: Option<String>,
    events: Option<Vec<FileEvent>>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum FileEvent {
    Insert,
    Update,
    Delete,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FilePrivacy {
    safe_contact_flag: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileModels {
    mixins: Option<FileMixins>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileMixins {
    primary_key: Option<String>,
    timestamps: Option<String>,
    soft_delete: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
enum FileClass {
    Clinical,
    Financial,
    Identity,
    Operational,
    Audit,
    Reference,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRequire {
    #[serde(default)]
    column: Vec<FileRequiredColumn>,
    #[serde(default)]
    unique: Vec<FileRequiredUnique>,
    #[serde(default)]
    values: Vec<FileRequiredValues>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRequiredColumn {
    table: Spanned<String>,
    column: String,
    r#type: Option<String>,
    nullable: Option<bool>,
    because: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRequiredUnique {
    table: Spanned<String>,
    columns: Vec<String>,
    r#where: Option<String>,
    because: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRequiredValues {
    table: Spanned<String>,
    column: String,
    values: Vec<String>,
    because: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum FileSeverity {
    Off,
    Info,
    Warning,
    Critical,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileWaiver {
    rule: Spanned<String>,
    table: Option<Spanned<String>>,
    until: Option<Spanned<String>>,
    because: Spanned<String>,
}

impl From<FileClass> for Class {
    fn from(class: FileClass) -> Self {
        match class {
            FileClass::Clinical => Self::Clinical,
            FileClass::Financial => Self::Financial,
            FileClass::Identity => Self::Identity,
            FileClass::Operational => Self::Operational,
            FileClass::Audit => Self::Audit,
            FileClass::Reference => Self::Reference,
        }
    }
}

/// Overwrites a default with what the file says, if it says anything.
fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

pub(super) fn parse(text: &str) -> Result<Standard, StandardError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let file: File = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        at_offset(text, at, &explain(error.message()))
    })?;

    let profile = match file.profile {
        Some(FileProfile::General) => Profile::General,
        Some(FileProfile::Hipaa) | None => Profile::Hipaa,
    };
    let mut standard = Standard::of_profile(profile);
    let mut mentions = Vec::new();
    set(&mut standard.name, file.name);
    let classes =
        |list: Option<Vec<FileClass>>| list.map(|list| list.into_iter().map(Class::from).collect());

    if let Some(section) = file.primary_key {
        let mandate = &mut standard.primary_key;
        let kind = section.kind.map(|kind| match kind {
            FileKeyKind::Ulid => KeyKind::Ulid,
            FileKeyKind::Uuid7 => KeyKind::Uuid7,
            FileKeyKind::Uuid4 => KeyKind::Uuid4,
            FileKeyKind::Identity => KeyKind::Identity,
            FileKeyKind::Any => KeyKind::Any,
        });
        set(&mut mandate.kind, kind);
        set(&mut mandate.storage, section.storage.map(|name| data_type(&name)));
        set(&mut mandate.generators, section.generators);
        if let Some(except) = section.except {
            mentions.extend(except.iter().map(|name| mention(text, "[primary_key] except", name)));
            mandate.except = except.into_iter().map(Spanned::into_inner).collect();
        }
    }
    if let Some(section) = file.timestamps {
        let mandate = &mut standard.timestamps;
        set(&mut mandate.created, section.created);
        set(&mut mandate.updated, section.updated);
        set(&mut mandate.data_type, section.r#type.map(|name| data_type(&name)));
    }
    if let Some(section) = file.soft_delete {
        set(&mut standard.soft_delete.column, section.column);
        set(&mut standard.soft_delete.classes, classes(section.classes));
    }
    if let Some(section) = file.tenancy {
        let tenancy = &mut standard.tenancy;
        set(&mut tenancy.table, section.table);
        set(&mut tenancy.column, section.column);
        set(&mut tenancy.setting, section.setting);
        set(&mut tenancy.user_setting, section.user_setting);
    }
    if let Some(section) = file.rls {
        set(&mut standard.rls.classes, classes(section.classes));
        set(&mut standard.rls.force, section.force);
    }
    if let Some(section) = file.audit {
        set(&mut standard.audit.classes, classes(section.classes));
        set(&mut standard.audit.table, section.table);
        let events = section.events.map(|events| {
            let mut events: Vec<_> = events
                .into_iter()
                .map(|event| match event {
                    FileEvent::Insert => AuditEvent::Insert,
                    FileEvent::Update => AuditEvent::Update,
                    FileEvent::Delete => AuditEvent::Delete,
                })
                .collect();
            events.sort();
            events.dedup();
            events
        });
        set(&mut standard.audit.events, events);
    }
    if let Some(flag) = file.privacy.and_then(|section| section.safe_contact_flag) {
        standard.privacy.safe_contact_flag = (!flag.is_empty()).then_some(flag);
    }
    if let Some(mixins) = file.models.and_then(|section| section.mixins) {
        let named = [
            ("primary_key", mixins.primary_key),
            ("timestamps", mixins.timestamps),
            ("soft_delete", mixins.soft_delete),
        ];
        for (mandate, mixin) in named {
            if let Some(mixin) = mixin {
                standard.models.mixins.insert(mandate.to_owned(), mixin);
            }
        }
    }
    if let Some(patterns) = file.classes {
        // The parser gives keys sorted; the file's own order decides which pattern wins.
        let mut lists: Vec<_> = patterns.into_iter().collect();
        lists.sort_by_key(|(_, list)| list.span().start);
        standard.classes = lists
            .into_iter()
            .flat_map(|(class, list)| {
                let class = Class::from(class);
                list.into_inner().into_iter().map(move |pattern| (pattern, class))
            })
            .map(|(pattern, class)| {
                let at = position(text, pattern.span().start);
                mentions.push(mention(text, &format!("[classes] {}", class.word()), &pattern));
                ClassPattern { pattern: pattern.into_inner(), class, at }
            })
            .collect();
    }
    if let Some(section) = file.require {
        let columns = section.column.iter().map(|entry| ("[[require.column]]", &entry.table));
        let uniques = section.unique.iter().map(|entry| ("[[require.unique]]", &entry.table));
        let values = section.values.iter().map(|entry| ("[[require.values]]", &entry.table));
        let tables = columns.chain(uniques).chain(values);
        mentions.extend(tables.map(|(section, table)| mention(text, section, table)));
        standard.require = requirements(section);
    }
    for (rule, severity) in file.rules.unwrap_or_default() {
        known_rule(text, &rule)?;
        let severity = match severity {
            FileSeverity::Off => None,
            FileSeverity::Info => Some(Severity::Info),
            FileSeverity::Warning => Some(Severity::Warning),
            FileSeverity::Critical => Some(Severity::Critical),
        };
        standard.rules.insert(rule.into_inner(), severity);
    }
    for waiver in file.waive.unwrap_or_default() {
        mentions.extend(waiver.table.iter().map(|table| mention(text, "[[waive]]", table)));
        standard.waivers.push(read_waiver(text, waiver)?);
    }
    standard.mentions = mentions;
    Ok(standard)
}

fn requirements(section: FileRequire) -> Requirements {
    Requirements {
        columns: section
            .column
            .into_iter()
            .map(|entry| RequiredColumn {
                table: entry.table.into_inner(),
                column: entry.column,
                data_type: entry.r#type,
                nullable: entry.nullable,
                because: entry.because,
            })
            .collect(),
        uniques: section
            .unique
            .into_iter()
            .map(|entry| RequiredUnique {
                table: entry.table.into_inner(),
                columns: entry.columns,
                predicate: entry.r#where,
                because: entry.because,
            })
            .collect(),
        values: section
            .values
            .into_iter()
            .map(|entry| RequiredValues {
                table: entry.table.into_inner(),
                column: entry.column,
                values: entry.values,
                because: entry.because,
            })
            .collect(),
    }
}

fn read_waiver(text: &str, waiver: FileWaiver) -> Result<Waiver, StandardError> {
    known_rule(text, &waiver.rule)?;
    if waiver.because.get_ref().trim().is_empty() {
        let message = "a waiver needs a reason: say in `because` why the finding is acceptable";
        return Err(at_offset(text, waiver.because.span().start, message));
    }
    if let Some(until) = &waiver.until
        && !is_date(until.get_ref())
    {
        let message = format!("`{}` is no date; write `until` as \"YYYY-MM-DD\"", until.get_ref());
        return Err(at_offset(text, until.span().start, &message));
    }
    Ok(Waiver {
        rule: waiver.rule.into_inner(),
        table: waiver.table.map(Spanned::into_inner),
        until: waiver.until.map(Spanned::into_inner),
        because: waiver.because.into_inner(),
    })
}

fn known_rule(text: &str, rule: &Spanned<String>) -> Result<(), StandardError> {
    let name = rule.get_ref();
    if KNOWN_RULES.contains(&name.as_str()) {
        return Ok(());
    }
    let message = match nearest(name, KNOWN_RULES.iter().copied()) {
        Some(known) => format!("unknown rule `{name}`; did you mean `{known}`?"),
        None => format!("unknown rule `{name}`; `schemaward rules` lists the rules"),
    };
    Err(at_offset(text, rule.span().start, &message))
}

/// A type as a standard writes it; modifiers and arrays are not needed there.
fn data_type(name: &str) -> DataType {
    DataType::named(name.trim().to_lowercase().as_str())
}

/// A type with its schema, modifiers and array brackets, as a requirement writes it.
pub(crate) fn written_type(text: &str) -> DataType {
    let lower = text.trim().to_lowercase();
    let (rest, array) = match lower.strip_suffix("[]") {
        Some(rest) => (rest.trim_end(), true),
        None => (lower.as_str(), false),
    };
    // `timestamp(3) with time zone` has its modifiers inside.
    let (before, modifiers, after) = match rest.split_once('(') {
        Some((before, inner)) => match inner.split_once(')') {
            Some((modifiers, after)) => (before, Some(modifiers), after),
            None => (rest, None, ""),
        },
        None => (rest, None, ""),
    };
    let name = format!("{} {}", before.trim(), after.trim());
    let name = name.trim();
    let (schema, name) = match name.split_once('.') {
        Some((schema, name)) => (Some(schema.to_owned()), name),
        None => (None, name),
    };
    let modifiers = modifiers.into_iter().flat_map(|list| list.split(','));
    DataType {
        schema: schema.filter(|schema| schema != "pg_catalog"),
        modifiers: modifiers.map(|modifier| modifier.trim().to_owned()).collect(),
        array,
        ..DataType::named(name)
    }
}

/// Whether a text is a calendar date, `YYYY-MM-DD`.
pub(crate) fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let (Some(year), Some(month), Some(day), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let number = |part: &str, length: usize| {
        (part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| part.parse::<u32>().ok())
            .flatten()
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2))
    else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// Turns the deserialiser's wording into ours, with a suggestion where one is near.
fn explain(message: &str) -> String {
    let message = message.trim();
    for (prefix, what) in [("unknown field ", "key"), ("unknown variant ", "value")] {
        let Some(rest) = message.strip_prefix(prefix) else { continue };
        let mut names = rest.split('`').skip(1).step_by(2);
        let Some(unknown) = names.next() else { continue };
        let known: Vec<&str> = names.collect();
        return match nearest(unknown, known.iter().copied()) {
            Some(near) => format!("unknown {what} `{unknown}`; did you mean `{near}`?"),
            None => format!("unknown {what} `{unknown}`; known are `{}`", known.join("`, `")),
        };
    }
    if message == "missing field `because`" {
        return "`because` is missing: say why, in a sentence the next reader understands".into();
    }
    if message.contains("invalid type: date") || message.contains("invalid type: map, expected a s")
    {
        return format!("{message}; write dates in quotes, as \"YYYY-MM-DD\"");
    }
    message.lines().collect::<Vec<_>>().join("; ")
}

fn mention(text: &str, section: &str, table: &Spanned<String>) -> Mention {
    Mention {
        section: section.to_owned(),
        pattern: table.get_ref().clone(),
        at: position(text, table.span().start),
    }
}

fn at_offset(text: &str, offset: usize, message: &str) -> StandardError {
    let Position { line, column } = position(text, offset);
    StandardError { message: message.to_owned(), line, column }
}

fn position(text: &str, offset: usize) -> Position {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    Position {
        line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
        column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
    }
}

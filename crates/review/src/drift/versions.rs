//! Two versions of one schema: what a change means for access, for retention and for who uses it.

use std::collections::{BTreeMap, BTreeSet};

use schemaward_catalog::{
    Column, Constraint, ConstraintKind, Expression, Policy, PolicyCommand, QualifiedName,
    ReferentialAction, Sources, Table, Trigger, TriggerState, UserTypeKind,
};
use sqlparser::ast::{BinaryOperator, Expr};

use super::canonical::{Names, canonical_ast_in};
use super::columns::SOFT_DELETE_IDIOMS;
use super::grants::{Privilege, Privileges, effective, granted, words};
use super::{
    Comparison, Difference, Extent, NOT_DOCUMENTED, NOT_IMPLEMENTED, Object, Part, Texts, code,
    compare, human,
};
use crate::Implementation;
use crate::context::Context;
use crate::directive::Directives;
use crate::facts::audit::{Recording, is_audit_table, records};
use crate::facts::truth;
use crate::{Class, Evidence, Standard};

/// What a change between two versions means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeClass {
    /// It opens access or loses what must be kept.
    Dangerous,
    /// What worked before may fail.
    Breaking,
    /// Its effect is for a person to judge.
    Review,
    /// Nothing that worked or held before is touched.
    Safe,
}

impl ChangeClass {
    /// The word used in JSON and shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Dangerous => "dangerous",
            Self::Breaking => "breaking",
            Self::Review => "review",
            Self::Safe => "safe",
        }
    }
}

/// One change between two versions of a schema.
#[derive(Clone, Debug)]
pub struct VersionChange {
    /// What it means.
    pub class: ChangeClass,
    /// The kind of difference (`type-differs`).
    pub kind: &'static str,
    /// The human name of what changed.
    pub entity: String,
    /// What it was.
    pub before: String,
    /// What it is.
    pub after: String,
    /// Why it has that class.
    pub because: String,
    /// The lines of both versions.
    pub evidence: Vec<Evidence>,
}

/// All changes between two versions, the most serious first.
#[derive(Clone, Debug, Default)]
pub struct Versions {
    /// The changes.
    pub changes: Vec<VersionChange>,
    /// How many tables did not change.
    pub unchanged: usize,
}

/// Compares two versions of an implemented schema.
///
/// Where one of them is models, only what models can say is compared: a policy that they do not tell is
/// not one that was dropped.
pub fn compare_versions(
    before: Implementation<'_>,
    after: Implementation<'_>,
    sources: &Sources,
    standard: &Standard,
) -> Versions {
    let extent = super::extent(&[before.layer, after.layer]);
    let (before, after) = (before.catalog, after.catalog);
    let comparison = compare(before, after, Texts { sources, unread: &[] }, standard, extent);
    let (directives_before, directives_after) = (Directives::of(before), Directives::of(after));
    let judge = Judge {
        before: Context::new(before, standard, &directives_before),
        after: Context::new(after, standard, &directives_after),
    };
    let mut changes: Vec<VersionChange> = Vec::new();
    // Privileges are judged one by one, below.
    for difference in comparison.differences.iter().filter(|found| found.kind != "grant-differs") {
        for part in &difference.parts {
            let (class, because) = judge.part(difference.kind, part);
            changes.push(change(difference, part, class, because));
        }
    }
    if extent == Extent::Whole {
        judge.grants(&comparison, &mut changes);
        judge.roles(&mut changes);
    }
    changes.sort_by(|a, b| {
        let key = |change: &VersionChange| (change.class, super::rank(change.kind));
        key(a).cmp(&key(b)).then_with(|| (&a.entity, &a.before).cmp(&(&b.entity, &b.before)))
    });
    let touched: BTreeSet<&QualifiedName> = comparison
        .differences
        .iter()
        .flat_map(|difference| &difference.parts)
        .filter_map(|part| part.tables.map(|(before, _)| &before.name))
        .collect();
    let pairs = comparison.pairing.pairs.iter();
    let unchanged = pairs.filter(|pair| !touched.contains(&pair.documented.name)).count();
    Versions { changes, unchanged }
}

/// A class and the reason for it.
type Judged = (ChangeClass, String);

fn judged(class: ChangeClass, because: &str) -> Judged {
    (class, because.to_owned())
}

/// One part of a difference as a change.
fn change(
    difference: &Difference<'_>,
    part: &Part<'_>,
    class: ChangeClass,
    because: String,
) -> VersionChange {
    let alone = difference.parts.len() == 1;
    let cell = |object: Option<Object<'_>>, cell: &str, absent: &str| match object {
        _ if alone && cell != NOT_DOCUMENTED && cell != NOT_IMPLEMENTED => cell.to_owned(),
        Some(object) => name_of(object),
        None => absent.to_owned(),
    };
    let entity = match part.tables {
        Some((table, _)) => human(&table.name.name),
        None => match part.implemented.or(part.documented) {
            Some(Object::Table(table)) => human(&table.name.name),
            _ => difference.entity.clone(),
        },
    };
    let origins = [part.documented, part.implemented].into_iter().flatten().map(origin_of);
    VersionChange {
        class,
        kind: difference.kind,
        entity,
        before: cell(part.documented, &difference.documented, "Did not exist"),
        after: cell(part.implemented, &difference.implemented, "Gone"),
        because,
        evidence: origins.map(Evidence::from).collect(),
    }
}

struct Judge<'a> {
    before: Context<'a>,
    after: Context<'a>,
}

impl Judge<'_> {
    fn part(&self, kind: &str, part: &Part<'_>) -> Judged {
        use ChangeClass::{Breaking, Dangerous, Review, Safe};
        match (part.documented, part.implemented) {
            (Some(Object::Table(table)), None) => self.table_dropped(table),
            (None, Some(Object::Table(table))) => self.table_added(table),
            (Some(Object::Table(_)), Some(_)) => {
                judged(Breaking, "whoever names the table by its old name fails")
            }
            (Some(Object::RowSecurity(before)), Some(Object::RowSecurity(after))) => {
                if before.row_security.on && !after.row_security.on {
                    judged(
                        Dangerous,
                        "row-level security is switched off: every role with a grant sees all rows",
                    )
                } else if before.row_security_forced.on && !after.row_security_forced.on {
                    judged(Dangerous, "the table's owner is no longer held to the policies")
                } else {
                    judged(Breaking, "rows that were visible before may be hidden now")
                }
            }
            (before, after) => match (before, after, part.tables) {
                (
                    before @ (Some(Object::Column(_)) | None),
                    after @ (Some(Object::Column(_)) | None),
                    Some(_),
                ) => {
                    let column = |object| match object {
                        Some(Object::Column(column)) => Some(column),
                        _ => None,
                    };
                    self.column(kind, column(before), column(after))
                }
                (
                    before @ (Some(Object::Policy(_)) | None),
                    after @ (Some(Object::Policy(_)) | None),
                    Some(tables),
                ) => {
                    let policy = |object| match object {
                        Some(Object::Policy(policy)) => Some(policy),
                        _ => None,
                    };
                    self.policy(tables, policy(before), policy(after))
                }
                (
                    before @ (Some(Object::Trigger(_)) | None),
                    after @ (Some(Object::Trigger(_)) | None),
                    _,
                ) => {
                    let trigger = |object| match object {
                        Some(Object::Trigger(trigger)) => Some(trigger),
                        _ => None,
                    };
                    self.trigger(part.tables, trigger(before), trigger(after))
                }
                (Some(Object::Constraint(constraint)), None, _) => dropped_constraint(constraint),
                (None, Some(Object::Constraint(_)), _) => {
                    judged(Breaking, "rows that were accepted before may be rejected")
                }
                (Some(Object::Constraint(before)), Some(Object::Constraint(after)), _) => {
                    constraint(before, after)
                }
                (None, Some(Object::Index(index)), _) if index.unique => {
                    judged(Breaking, "rows that were accepted before may be rejected")
                }
                (Some(Object::Index(index)), None, _) if index.unique => {
                    judged(Review, "what was unique need not be any more")
                }
                (None, Some(Object::Index(_)), _) => judged(Safe, "it only makes queries faster"),
                (Some(Object::Index(_)), None, _) => {
                    judged(Review, "queries that used the index become slower")
                }
                (Some(Object::View(_)), None, _) => {
                    judged(Breaking, "whoever reads the view fails")
                }
                (None, Some(Object::View(view)), _) => {
                    if view.security_invoker {
                        judged(Safe, "it reads with the rights of whoever asks")
                    } else {
                        judged(Review, "it reads with its owner's rights")
                    }
                }
                (Some(Object::View(before)), Some(Object::View(after)), _) => {
                    if before.security_invoker && !after.security_invoker {
                        judged(
                            Dangerous,
                            "the view now reads with its owner's rights, past row-level security",
                        )
                    } else {
                        judged(Review, "what the view shows changed")
                    }
                }
                (Some(Object::Function(_)), None, _) => {
                    judged(Breaking, "whoever calls the function fails")
                }
                (None, Some(Object::Function(function)), _) => {
                    if function.security_definer {
                        judged(Review, "it runs with its owner's rights")
                    } else {
                        judged(Safe, "nobody calls it yet")
                    }
                }
                (Some(Object::Function(before)), Some(Object::Function(after)), _) => {
                    let fixed = |function: &schemaward_catalog::Function| {
                        function
                            .settings
                            .iter()
                            .any(|(name, _)| name.eq_ignore_ascii_case("search_path"))
                    };
                    if !before.security_definer && after.security_definer {
                        judged(Dangerous, "the function now runs with its owner's rights")
                    } else if after.security_definer && fixed(before) && !fixed(after) {
                        judged(
                            Dangerous,
                            "a function with its owner's rights lost its fixed search path",
                        )
                    } else if before.returns != after.returns {
                        judged(Breaking, "the function returns something else")
                    } else {
                        judged(Review, "what the function does changed")
                    }
                }
                (Some(Object::Type(before)), Some(Object::Type(after)), _) => {
                    match (&before.kind, &after.kind) {
                        (UserTypeKind::Enum(before), UserTypeKind::Enum(after)) => {
                            if before.iter().any(|label| !after.contains(label)) {
                                judged(Breaking, "a value that was accepted before is gone")
                            } else {
                                judged(Safe, "every value of before is still accepted")
                            }
                        }
                        _ => judged(Review, "what the type accepts changed"),
                    }
                }
                (Some(Object::Type(_)), None, _) => judged(Breaking, "whoever uses the type fails"),
                (
                    Some(Object::TableComment(_) | Object::ColumnComment(_)),
                    Some(Object::TableComment(_) | Object::ColumnComment(_)),
                    _,
                ) => judged(Safe, "it is a comment"),
                (None, _, _) => judged(Safe, "it is new"),
                _ => judged(Review, "its effect is for a person to judge"),
            },
        }
    }

    fn table_dropped(&self, table: &Table) -> Judged {
        let class = self.before.class(&table.name);
        let standard = self.before.standard;
        let kept = standard.soft_delete.classes.contains(&class) || class == Class::Audit;
        if kept {
            let because = format!("rows of a {} table are lost", class.word());
            (ChangeClass::Dangerous, because)
        } else {
            judged(ChangeClass::Breaking, "whoever uses the table fails, and its rows are lost")
        }
    }

    fn table_added(&self, table: &Table) -> Judged {
        let mandated = self.after.mandated(&table.name, &self.after.standard.rls.classes);
        if mandated && !table.row_security.on {
            let class = self.after.class(&table.name).word();
            let because = format!("a {class} table without row-level security");
            return (ChangeClass::Review, because);
        }
        judged(ChangeClass::Safe, "nobody uses it yet")
    }

    fn column(&self, kind: &str, before: Option<&Column>, after: Option<&Column>) -> Judged {
        use ChangeClass::{Breaking, Dangerous, Review, Safe};
        let soft = |column: &Column| {
            column.name == self.before.standard.soft_delete.column
                || SOFT_DELETE_IDIOMS.contains(&column.name.as_str())
        };
        match (before, after) {
            (Some(column), None) if soft(column) => {
                judged(Dangerous, "rows can no longer be deleted softly: deleting destroys them")
            }
            (Some(_), None) => {
                judged(Breaking, "whoever uses the column fails, and its values are lost")
            }
            (None, Some(column)) => {
                let filled = column.default.is_some()
                    || column.identity.is_some()
                    || column.generated.is_some();
                if column.nullable || filled {
                    judged(Safe, "who does not know the column is not affected")
                } else {
                    judged(Breaking, "rows without a value are rejected, those that exist too")
                }
            }
            (Some(before), Some(after)) => match kind {
                "renamed-column" | "nonstandard-field" => {
                    judged(Breaking, "whoever names the column by its old name fails")
                }
                "type-differs" if widens(before, after) => {
                    judged(Safe, "every value of before is still accepted")
                }
                "type-differs" => {
                    judged(Breaking, "values of before may not fit, and readers get another type")
                }
                "nullability-differs" if after.nullable => {
                    if self.after.standard.tenancy.column == after.name {
                        return judged(Dangerous, "rows may belong to no tenant");
                    }
                    judged(Review, "readers may meet NULL where there was always a value")
                }
                "nullability-differs" => judged(Breaking, "rows without a value are rejected"),
                "default-differs"
                    if after.default.is_none() && !after.nullable && after.identity.is_none() =>
                {
                    judged(Breaking, "rows that left the value to the default are rejected")
                }
                _ => judged(Review, "rows that leave the value to the default get another one"),
            },
            (None, None) => judged(Review, "its effect is for a person to judge"),
        }
    }

    fn policy(
        &self,
        (before_table, after_table): (&Table, &Table),
        before: Option<&Policy>,
        after: Option<&Policy>,
    ) -> Judged {
        use ChangeClass::{Breaking, Dangerous, Safe};
        match (before, after) {
            (None, Some(_)) if !before_table.row_security.on => {
                if after_table.row_security.on {
                    judged(Safe, "it is part of switching row-level security on")
                } else {
                    judged(Safe, "row-level security is off, so it has no effect")
                }
            }
            (None, Some(policy)) if policy.permissive => {
                judged(Dangerous, "another permissive policy lets in more rows")
            }
            (None, Some(_)) => {
                judged(Breaking, "a restrictive policy hides rows that were visible")
            }
            (Some(policy), None) if policy.permissive => {
                judged(Breaking, "rows that the policy let in are hidden")
            }
            (Some(_), None) => {
                judged(Dangerous, "a restrictive policy is gone: more rows are let in")
            }
            (Some(before), Some(after)) => {
                let before_names = Names { catalog: Some(self.before.catalog), ..Names::default() };
                let after_names = Names { catalog: Some(self.after.catalog), ..Names::default() };
                reach((before, &before_names), (after, &after_names))
            }
            (None, None) => judged(ChangeClass::Review, "its effect is for a person to judge"),
        }
    }

    fn trigger(
        &self,
        tables: Option<(&Table, &Table)>,
        before: Option<&Trigger>,
        after: Option<&Trigger>,
    ) -> Judged {
        use ChangeClass::{Dangerous, Review, Safe};
        let audits = |context: &Context<'_>, trigger: &Trigger| {
            let is_audit = |name: &QualifiedName| is_audit_table(context, name);
            records(context.catalog, trigger, &is_audit) == Recording::Yes
        };
        let fires = |trigger: &Trigger| {
            matches!(trigger.state, TriggerState::Enabled | TriggerState::Always)
        };
        let guards =
            tables.is_some_and(|(table, _)| self.before.class(&table.name) == Class::Audit);
        match (before, after) {
            (Some(before), None) if audits(&self.before, before) && fires(before) => {
                judged(Dangerous, "changes are no longer recorded: the audit trigger is gone")
            }
            (Some(before), None) if guards && fires(before) => judged(
                Dangerous,
                "a trigger of the audit log is gone, which may have kept it from being changed",
            ),
            (Some(before), Some(after)) if audits(&self.before, before) && fires(before) => {
                let loses = (before.insert && !after.insert)
                    || (before.update && !after.update)
                    || (before.delete && !after.delete)
                    || (before.when.is_none() && after.when.is_some())
                    || (before.update_of.is_empty() && !after.update_of.is_empty());
                if !fires(after) {
                    judged(
                        Dangerous,
                        "changes are no longer recorded: the audit trigger is switched off",
                    )
                } else if loses || !audits(&self.after, after) {
                    judged(Dangerous, "some changes are no longer recorded")
                } else {
                    judged(Review, "what the audit trigger records changed")
                }
            }
            (Some(before), Some(after)) if guards && fires(before) && !fires(after) => judged(
                Dangerous,
                "a trigger of the audit log is switched off, which may have kept it from being changed",
            ),
            (None, Some(after)) if audits(&self.after, after) => {
                judged(Safe, "more changes are recorded")
            }
            _ => judged(Review, "what happens when rows change is another thing now"),
        }
    }

    /// Privileges on tables that both versions have.
    fn grants(&self, comparison: &Comparison<'_>, changes: &mut Vec<VersionChange>) {
        let privileges = |table: &Table| effective(granted(&table.grants));
        for pair in &comparison.pairing.pairs {
            let (before, after) = (privileges(pair.documented), privileges(pair.implemented));
            let audit = self.after.class(&pair.implemented.name) == Class::Audit;
            let mut say = |class, cells: (String, String), because, table: &Table, role: &str| {
                let origin = table.grants.iter().rev().find(|grant| grant.grantee == role);
                changes.push(VersionChange {
                    class,
                    kind: "grant-differs",
                    entity: human(&pair.implemented.name.name),
                    before: cells.0,
                    after: cells.1,
                    because,
                    evidence: origin.into_iter().map(|grant| grant.origin.into()).collect(),
                });
            };
            for (role, gained) in more(&after, &before) {
                let writes = ["UPDATE", "DELETE", "TRUNCATE"];
                let opens = |one: &Privilege| audit && writes.contains(&one.name.as_str());
                let (opening, other): (BTreeMap<_, _>, BTreeMap<_, _>) =
                    gained.into_iter().partition(|(one, _)| opens(one));
                let log = judged(ChangeClass::Dangerous, "the audit log can be changed");
                let rest = if role == "public" {
                    judged(ChangeClass::Dangerous, "everyone gets the privilege")
                } else {
                    judged(ChangeClass::Review, "another role gets at the table")
                };
                for (gained, (class, because)) in [(opening, log), (other, rest)] {
                    if !gained.is_empty() {
                        let said = format!("{} to {}", code(words(&gained)), code(&role));
                        let cells = ("Did not exist".to_owned(), said);
                        say(class, cells, because, pair.implemented, &role);
                    }
                }
            }
            for (role, lost) in more(&before, &after) {
                let said = format!("{} to {}", code(words(&lost)), code(&role));
                let because = "the role may no longer do what it did".to_owned();
                let cells = (said, "Gone".to_owned());
                say(ChangeClass::Breaking, cells, because, pair.documented, &role);
            }
        }
    }

    /// Roles that come to stand above policies.
    fn roles(&self, changes: &mut Vec<VersionChange>) {
        for (name, role) in &self.after.catalog.roles {
            let before = self.before.catalog.roles.get(name);
            let bypasses = role.bypass_rls || role.superuser;
            if bypasses && !before.is_some_and(|role| role.bypass_rls || role.superuser) {
                changes.push(VersionChange {
                    class: ChangeClass::Dangerous,
                    kind: "role-differs",
                    entity: code(name),
                    before: if before.is_some() { "Held to policies" } else { "Did not exist" }
                        .to_owned(),
                    after: "Bypasses row-level security".to_owned(),
                    because: "no policy holds for the role".to_owned(),
                    evidence: vec![role.origin.into()],
                });
            }
        }
    }
}

/// What roles may do on one side and may not on the other.
fn more(one: &Privileges, other: &Privileges) -> Vec<(String, BTreeMap<Privilege, bool>)> {
    let everyone = other.get("public");
    let beyond = |(role, held): (&String, &BTreeMap<Privilege, bool>)| {
        let has = |side: Option<&BTreeMap<Privilege, bool>>, one: &Privilege, grantable: bool| {
            side.and_then(|side| side.get(one)).is_some_and(|passes| *passes || !grantable)
        };
        let beyond: BTreeMap<Privilege, bool> = held
            .iter()
            .filter(|(one, grantable)| {
                let whole = Privilege { column: None, ..(*one).clone() };
                ![other.get(role), everyone]
                    .into_iter()
                    .any(|side| has(side, one, **grantable) || has(side, &whole, **grantable))
            })
            .map(|(one, grantable)| (one.clone(), *grantable))
            .collect();
        (!beyond.is_empty()).then(|| (role.clone(), beyond))
    };
    one.iter().filter_map(beyond).collect()
}

fn name_of(object: Object<'_>) -> String {
    match object {
        Object::Table(table) => code(&table.name),
        Object::TableGrants(table) => format!("privileges on {}", code(&table.name)),
        Object::ViewGrants(view) => format!("privileges on {}", code(&view.name)),
        Object::RowSecurity(table) => match (table.row_security.on, table.row_security_forced.on) {
            (true, true) => "Row-level security forced".to_owned(),
            (true, false) => "Row-level security enabled".to_owned(),
            (false, _) => "Not enabled".to_owned(),
        },
        Object::TableComment(table) => {
            table.comment.as_ref().map_or_else(|| "No comment".to_owned(), |c| c.text.clone())
        }
        Object::ColumnComment(column) => {
            column.comment.as_ref().map_or_else(|| "No comment".to_owned(), |c| c.text.clone())
        }
        Object::Column(column) => code(format_args!("{} {}", column.name, column.data_type)),
        Object::Constraint(constraint) => code(&constraint.name),
        Object::Index(index) => code(&index.name),
        Object::Policy(policy) => format!("policy {}", code(&policy.name)),
        Object::Trigger(trigger) => format!("trigger {}", code(&trigger.name)),
        Object::View(view) => code(&view.name),
        Object::Function(function) => code(format_args!("{}()", function.name)),
        Object::Type(found) => code(&found.name),
    }
}

fn origin_of(object: Object<'_>) -> schemaward_catalog::Origin {
    match object {
        Object::Table(table) | Object::TableGrants(table) => table.name_origin,
        Object::RowSecurity(table) => {
            let switched = table.row_security_forced.origin.or(table.row_security.origin);
            switched.unwrap_or(table.name_origin)
        }
        Object::TableComment(table) => {
            table.comment.as_ref().map_or(table.name_origin, |c| c.origin)
        }
        Object::ColumnComment(column) => {
            column.comment.as_ref().map_or(column.origin, |c| c.origin)
        }
        Object::Column(column) => column.origin,
        Object::Constraint(constraint) => constraint.origin,
        Object::Index(index) => index.origin,
        Object::Policy(policy) => policy.origin,
        Object::Trigger(trigger) => trigger.state_origin.unwrap_or(trigger.origin),
        Object::View(view) | Object::ViewGrants(view) => view.origin,
        Object::Function(function) => function.origin,
        Object::Type(found) => found.origin,
    }
}

fn dropped_constraint(constraint: &Constraint) -> Judged {
    match &constraint.kind {
        ConstraintKind::PrimaryKey { .. } => {
            judged(ChangeClass::Breaking, "rows have no key any more")
        }
        _ => judged(ChangeClass::Review, "what the constraint kept out is accepted now"),
    }
}

fn constraint(before: &Constraint, after: &Constraint) -> Judged {
    if let (ConstraintKind::ForeignKey(one), ConstraintKind::ForeignKey(other)) =
        (&before.kind, &after.kind)
    {
        if one.on_delete != other.on_delete && other.on_delete == ReferentialAction::Cascade {
            return judged(
                ChangeClass::Dangerous,
                "deleting a row now destroys the rows that refer to it",
            );
        }
        if one.references == other.references {
            return judged(ChangeClass::Review, "what happens to referring rows changed");
        }
    }
    judged(ChangeClass::Breaking, "rows that were accepted before may be rejected")
}

/// Whether every value of before fits, and readers get the same kind of value.
fn widens(before: &Column, after: &Column) -> bool {
    let (one, other) = (&before.data_type, &after.data_type);
    if one.array != other.array {
        return false;
    }
    let text = |name: &str| matches!(name, "text" | "character varying");
    let number = |modifiers: &[String]| {
        modifiers.first().and_then(|modifier| modifier.trim().parse::<u32>().ok())
    };
    if text(&one.name) && text(&other.name) {
        return match (number(&one.modifiers), number(&other.modifiers)) {
            (_, None) => true,
            (Some(before), Some(after)) => after >= before,
            (None, Some(_)) => false,
        };
    }
    let rank =
        |name: &str| ["smallint", "integer", "bigint"].iter().position(|known| *known == name);
    matches!((rank(&one.name), rank(&other.name)), (Some(before), Some(after)) if after >= before)
}

/// How far one thing reaches, against another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    Same,
    Wider,
    Narrower,
    Unknown,
}

/// Whether a policy lets in more or fewer rows than before.
fn reach(
    (before, before_names): (&Policy, &Names<'_>),
    (after, after_names): (&Policy, &Names<'_>),
) -> Judged {
    let rows = condition(before.using.as_ref(), before_names, after.using.as_ref(), after_names);
    let check = |policy: &'_ Policy| -> Option<Expression> {
        policy.check.as_ref().or(policy.using.as_ref()).cloned()
    };
    let (check_before, check_after) = (check(before), check(after));
    let written = condition(check_before.as_ref(), before_names, check_after.as_ref(), after_names);
    let roles = |policy: &Policy| -> BTreeSet<String> {
        policy.roles.iter().filter(|role| *role != "public").cloned().collect()
    };
    let (roles_before, roles_after) = (roles(before), roles(after));
    let roles = if roles_before == roles_after {
        Reach::Same
    } else if roles_after.is_empty()
        || (!roles_before.is_empty() && roles_after.is_superset(&roles_before))
    {
        Reach::Wider
    } else if roles_before.is_empty() || roles_before.is_superset(&roles_after) {
        Reach::Narrower
    } else {
        Reach::Unknown
    };
    let command = match (before.command, after.command) {
        (one, other) if one == other => Reach::Same,
        (_, PolicyCommand::All) => Reach::Wider,
        (PolicyCommand::All, _) => Reach::Narrower,
        _ => Reach::Unknown,
    };
    // For a restrictive policy, holding for fewer roles or commands lets in more.
    let turned = |reach: Reach| match reach {
        Reach::Wider if !after.permissive => Reach::Narrower,
        Reach::Narrower if !after.permissive => Reach::Wider,
        reach => reach,
    };
    let kind = match (before.permissive, after.permissive) {
        (false, true) => Reach::Wider,
        (true, false) => Reach::Narrower,
        _ => Reach::Same,
    };
    let parts = [
        (rows, "the rows it shows"),
        (written, "the rows it lets in"),
        (turned(roles), "its roles"),
        (turned(command), "its command"),
        (kind, "its kind"),
    ];
    let of = |wanted: Reach| parts.iter().find(|(reach, _)| *reach == wanted);
    if let Some((_, what)) = of(Reach::Wider) {
        (ChangeClass::Dangerous, format!("the policy is wider than before: {what}"))
    } else if let Some((_, what)) = of(Reach::Unknown) {
        (ChangeClass::Review, format!("the text does not show whether the policy is wider: {what}"))
    } else {
        judged(ChangeClass::Breaking, "rows that the policy let in are hidden")
    }
}

/// Whether a condition holds for more rows than another.
fn condition(
    before: Option<&Expression>,
    before_names: &Names<'_>,
    after: Option<&Expression>,
    after_names: &Names<'_>,
) -> Reach {
    let (Some(before), Some(after)) = (before, after) else {
        return match (before, after) {
            (None, None) => Reach::Same,
            (Some(_), None) => Reach::Wider,
            _ => Reach::Narrower,
        };
    };
    let (Some(one), Some(other)) = (before.ast.as_deref(), after.ast.as_deref()) else {
        return if before.text == after.text { Reach::Same } else { Reach::Unknown };
    };
    if canonical_ast_in(one, before_names) == canonical_ast_in(other, after_names) {
        return Reach::Same;
    }
    match (truth_of(one, before_names), truth_of(other, after_names)) {
        (_, Some(true)) | (Some(false), _) => return Reach::Wider,
        (Some(true), _) | (_, Some(false)) => return Reach::Narrower,
        _ => {}
    }
    let all = |expr, names: &Names<'_>| operands(expr, &BinaryOperator::And, names);
    let any = |expr, names: &Names<'_>| operands(expr, &BinaryOperator::Or, names);
    let (all_one, all_other) = (all(one, before_names), all(other, after_names));
    let (any_one, any_other) = (any(one, before_names), any(other, after_names));
    if all_one.is_superset(&all_other) || any_other.is_superset(&any_one) {
        Reach::Wider
    } else if all_other.is_superset(&all_one) || any_one.is_superset(&any_other) {
        Reach::Narrower
    } else {
        Reach::Unknown
    }
}

/// Whether a condition lets every row through, or none.
fn truth_of(condition: &Expr, names: &Names<'_>) -> Option<bool> {
    truth::Judge::new(names.catalog?, None).truth(condition)
}

/// The canonical operands of a chain of one operator.
fn operands(expr: &Expr, op: &BinaryOperator, names: &Names<'_>) -> BTreeSet<String> {
    match expr {
        Expr::Nested(inner) => operands(inner, op, names),
        Expr::BinaryOp { left, op: inner, right } if inner == op => {
            let mut all = operands(left, op, names);
            all.extend(operands(right, op, names));
            all
        }
        other => BTreeSet::from([canonical_ast_in(other, names)]),
    }
}

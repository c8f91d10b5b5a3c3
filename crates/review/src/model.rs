//! What a review is: plain data, in the order it is to be read.
//!
//! These types are not the wire; `schemaward-render` owns the versioned shapes.

use std::collections::BTreeMap;
use std::fmt;

use schemaward_catalog::{Origin, QualifiedName};
use ulid::Ulid;

use crate::Layer;

/// Who asked for the review and when; the caller makes both, so that a review is a pure function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The review's id.
    pub id: Ulid,
    /// The day of the review, `YYYY-MM-DD`.
    pub date: String,
}

/// How serious a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The review fails.
    Critical,
    /// The review passes with warnings.
    Warning,
    /// Worth knowing.
    Info,
}

impl Severity {
    /// The word used in the standard and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// The part of the report a rule belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// Keys, constraints, types.
    Integrity,
    /// Soft deletes.
    Retention,
    /// Row-level security, policies, privileges.
    Access,
    /// Audit triggers and the audit log.
    Audit,
    /// Identifiers, contact safety, secrets.
    Privacy,
    /// Documentation against implementation.
    Drift,
    /// Python code.
    Code,
    /// Indexes and policy cost.
    Performance,
}

impl Category {
    /// The word used in rule paths and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Integrity => "integrity",
            Self::Retention => "retention",
            Self::Access => "access",
            Self::Audit => "audit",
            Self::Privacy => "privacy",
            Self::Drift => "drift",
            Self::Code => "code",
            Self::Performance => "performance",
        }
    }
}

/// What a table is for; the standard's mandates are per class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Rows about patients and their care.
    Clinical,
    /// Money.
    Financial,
    /// Accounts, sessions, devices, roles.
    Identity,
    /// Tickets, calls, tasks, notifications.
    Operational,
    /// The log of actions.
    Audit,
    /// Lists that describe nobody.
    Reference,
}

impl Class {
    /// Every class, the stricter first.
    pub const ALL: [Self; 6] = [
        Self::Clinical,
        Self::Financial,
        Self::Identity,
        Self::Operational,
        Self::Audit,
        Self::Reference,
    ];

    /// The word used in the standard and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Clinical => "clinical",
            Self::Financial => "financial",
            Self::Identity => "identity",
            Self::Operational => "operational",
            Self::Audit => "audit",
            Self::Reference => "reference",
        }
    }
}

/// A mandate on a class; a column of the coverage matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Control {
    /// Primary key of the mandated kind.
    PrimaryKey,
    /// Creation and update times.
    Timestamps,
    /// Soft delete.
    SoftDelete,
    /// Row-level security.
    RowSecurity,
    /// Policies.
    Policies,
    /// Audit triggers.
    Audit,
    /// Contact safety and protected identifiers.
    Privacy,
    /// Indexes.
    Indexes,
}

impl Control {
    /// Every control, in the order of the matrix.
    pub const ALL: [Self; 8] = [
        Self::PrimaryKey,
        Self::Timestamps,
        Self::SoftDelete,
        Self::RowSecurity,
        Self::Policies,
        Self::Audit,
        Self::Privacy,
        Self::Indexes,
    ];

    /// The word used in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::PrimaryKey => "primary_key",
            Self::Timestamps => "timestamps",
            Self::SoftDelete => "soft_delete",
            Self::RowSecurity => "row_security",
            Self::Policies => "policies",
            Self::Audit => "audit",
            Self::Privacy => "privacy",
            Self::Indexes => "indexes",
        }
    }
}

/// The answer on one control of one table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Shown to be unmet.
    Unmet,
    /// The text does not settle it.
    Undecided,
    /// Shown to be met.
    Met,
    /// The standard does not mandate it here.
    NotApplicable,
}

impl Verdict {
    /// The word used in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unmet => "unmet",
            Self::Undecided => "undecided",
            Self::Met => "met",
            Self::NotApplicable => "not_applicable",
        }
    }
}

/// The review's result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// A critical finding.
    Fail,
    /// No critical finding, but a warning, an undecided control of a critical rule, or unread text
    /// that could hold schema.
    PassWithWarnings,
    /// None of these.
    Pass,
}

impl Status {
    /// The word used in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::PassWithWarnings => "pass_with_warnings",
            Self::Pass => "pass",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fail => "FAIL",
            Self::PassWithWarnings => "PASS WITH WARNINGS",
            Self::Pass => "PASS",
        })
    }
}

/// A place that proves something, or, for something missing, the place where it would be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// Where it stands.
    pub origin: Origin,
}

impl From<Origin> for Evidence {
    fn from(origin: Origin) -> Self {
        Self { origin }
    }
}

/// Something the standard does not allow, or a recommendation.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Stable for the same rule and subject: `rule:table.column`.
    pub id: String,
    /// The rule's id.
    pub rule: &'static str,
    /// The rule's category.
    pub category: Category,
    /// After the standard's own settings.
    pub severity: Severity,
    /// The table, where there is one.
    pub table: Option<QualifiedName>,
    /// The column, where there is one.
    pub column: Option<String>,
    /// What it is about, as people name it: `patients.id`, a policy, a function.
    pub subject: String,
    /// What is wrong, in one or two sentences.
    pub message: String,
    /// Why it matters; the same for all findings of a rule, so that they can be grouped.
    pub impact: &'static str,
    /// What proves it.
    pub evidence: Vec<Evidence>,
    /// Mandates and safeguards it supports.
    pub references: &'static [&'static str],
    /// Ids of the plan's steps that close it.
    pub closes_with: Vec<String>,
}

/// A control of interest that is met.
#[derive(Clone, Debug)]
pub struct Success {
    /// The rule that would have fired.
    pub rule: &'static str,
    /// The table.
    pub table: Option<QualifiedName>,
    /// What it is about.
    pub subject: String,
    /// What is right, and what it still asks of the reader.
    pub message: String,
    /// What proves it.
    pub evidence: Vec<Evidence>,
}

/// A difference between the documented and the implemented schema.
#[derive(Clone, Debug)]
pub struct Discrepancy {
    /// The kind, as in the rule catalogue (`undocumented-table`).
    pub kind: &'static str,
    /// The human name of what differs (`Care Team`).
    pub entity: String,
    /// The documented cell.
    pub documented: String,
    /// The implemented cell.
    pub implemented: String,
    /// What the difference is.
    pub message: String,
    /// How serious it is.
    pub severity: Severity,
    /// The lines on both sides.
    pub evidence: Vec<Evidence>,
    /// What each layer of the implemented side holds, where they do not agree.
    pub layers: Vec<(Layer, String)>,
    /// What would make it go away; empty where a person must decide how.
    pub repairs: Repairs,
}

/// How the documented and the implemented schema compare as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriftSummary {
    /// Tables that the document has.
    pub documented: usize,
    /// Tables that the implementation has.
    pub implemented: usize,
    /// Implemented tables that the document does not know.
    pub undocumented: usize,
    /// Documented tables that were not built.
    pub unimplemented: usize,
    /// Tables on both sides without any difference.
    pub unchanged: usize,
    /// All of it in a sentence or two.
    pub sentence: String,
}

/// What would make one difference go away, either way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repairs {
    /// The document's text edited: a unified diff where it can be edited in place, else the SQL to
    /// add to it.
    pub document: String,
    /// The SQL that makes the implementation what is documented.
    pub implementation: String,
}

/// Something the text does not settle.
#[derive(Clone, Debug)]
pub struct Undecided {
    /// The rule that could not be judged.
    pub rule: &'static str,
    /// Whether the rule is critical, so that the status counts it.
    pub critical: bool,
    /// The table.
    pub table: Option<QualifiedName>,
    /// What it is about.
    pub subject: String,
    /// Why, and what would settle it.
    pub because: String,
}

/// A finding that the owners accepted.
#[derive(Clone, Debug)]
pub struct Waived {
    /// The finding.
    pub finding: Finding,
    /// The owners' reason.
    pub because: String,
    /// The last day of the waiver, `YYYY-MM-DD`.
    pub until: Option<String>,
}

/// The judgement of one control.
#[derive(Clone, Debug)]
pub struct ControlVerdict {
    /// The answer.
    pub verdict: Verdict,
    /// Why, in one sentence.
    pub because: String,
    /// What proves it.
    pub evidence: Vec<Evidence>,
}

/// One table with its class and controls.
#[derive(Clone, Debug)]
pub struct TableReview {
    /// The table.
    pub name: QualifiedName,
    /// Its class.
    pub class: Class,
    /// Why it has that class.
    pub because: String,
    /// All controls.
    pub controls: BTreeMap<Control, ControlVerdict>,
}

/// What a recognised column belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdentifierGroup {
    /// Who someone is: identifiers, and facts such as sex or religion.
    Personal,
    /// A person's health and care.
    Clinical,
    /// A person's money.
    Financial,
    /// What lets someone in: passwords, tokens, keys.
    Secret,
}

impl IdentifierGroup {
    /// The word used in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::Clinical => "clinical",
            Self::Financial => "financial",
            Self::Secret => "secret",
        }
    }
}

/// A column recognised by what it holds of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier {
    /// The table.
    pub table: QualifiedName,
    /// The column.
    pub column: String,
    /// The letter of 45 CFR 164.514(b)(2)(i), where it is one of the identifiers there.
    pub letter: Option<char>,
    /// What it is, as people call it.
    pub kind: &'static str,
    /// What it belongs to.
    pub group: IdentifierGroup,
    /// What shows it.
    pub because: String,
}

/// How many of a table's rows a role reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rows {
    /// Every row.
    All,
    /// The rows that fulfil a condition.
    Some,
    /// No row, though the role holds the privilege.
    None,
    /// The text does not settle it.
    Undecided,
}

impl Rows {
    /// The word used in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Some => "some",
            Self::None => "none",
            Self::Undecided => "undecided",
        }
    }
}

/// What a role may do with the rows of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The role; `public` for everyone, `(owner)` for an owner that no statement names.
    pub role: String,
    /// The table.
    pub table: QualifiedName,
    /// `SELECT`, `INSERT`, `UPDATE`, `DELETE` or `TRUNCATE`.
    pub command: &'static str,
    /// How many rows.
    pub rows: Rows,
    /// The condition on [`Rows::Some`], where one condition says it.
    pub predicate: Option<String>,
    /// The door, when it is not the table itself (`view active_patients`).
    pub through: Option<String>,
    /// Why.
    pub because: String,
}

/// What a step of the plan does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    /// Structure: soft deletes, columns, types.
    Refactor,
    /// Key generators and names.
    Standardize,
    /// Row-level security, policies, audit.
    Harden,
    /// Documentation.
    Sync,
    /// Indexes.
    Optimize,
}

impl Verb {
    /// The word, as shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Refactor => "Refactor",
            Self::Standardize => "Standardize",
            Self::Harden => "Harden",
            Self::Sync => "Sync",
            Self::Optimize => "Optimize",
        }
    }
}

/// One step of the action plan.
#[derive(Clone, Debug)]
pub struct PlanStep {
    /// `refactor-1`.
    pub id: String,
    /// What kind of work.
    pub verb: Verb,
    /// The work, in one sentence.
    pub title: String,
    /// Ids of the findings it closes.
    pub closes: Vec<String>,
    /// Ids of findings that are not there yet and will be once the step is carried out: what it cannot
    /// settle by itself. Its notes say why.
    pub raises: Vec<String>,
    /// The SQL that does it; empty where a person must decide first.
    pub sql: String,
    /// Of a step that settles differences between the document and the implementation: what makes the one true, and
    /// what makes the other. A person chooses, so it is not in `sql`.
    pub repairs: Repairs,
    /// Questions to answer, costs, and order.
    pub notes: Vec<String>,
}

/// A statement that could not be read.
#[derive(Clone, Debug)]
pub struct Unread {
    /// Where it stands.
    pub origin: Origin,
    /// Why.
    pub reason: String,
}

/// The sum over all statements: read, irrelevant and unread add up to `statements`.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// All statements.
    pub statements: usize,
    /// Statements whose effect is in the catalog.
    pub read: usize,
    /// Statements known to hold no schema.
    pub irrelevant: usize,
    /// Statements that could not be read.
    pub unread: Vec<Unread>,
    /// What a server would have rejected, and other remarks on the text that do not change the sum.
    pub notes: Vec<Unread>,
}

/// A remark on the standard: a table it names that does not exist, patterns that contradict each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandardNote {
    /// 1-based line in the standard's text.
    pub line: usize,
    /// 1-based column, in Unicode scalar values.
    pub column: usize,
    /// What is remarked, and what to write instead.
    pub message: String,
}

/// A whole review.
#[derive(Clone, Debug)]
pub struct Review {
    /// Id and date.
    pub stamp: Stamp,
    /// The standard's name.
    pub standard: String,
    /// Remarks on the standard, in the order of its text.
    pub standard_notes: Vec<StandardNote>,
    /// The result.
    pub status: Status,
    /// The executive summary.
    pub summary: String,
    /// What was read.
    pub coverage: Coverage,
    /// How the two sides compare as a whole, where both were given.
    pub drift: Option<DriftSummary>,
    /// Why there is no drift section, when there is none ("only one side was given").
    pub drift_skipped: Option<String>,
    /// Tables, the worst first.
    pub tables: Vec<TableReview>,
    /// Findings outside code and performance.
    pub findings: Vec<Finding>,
    /// Met controls of interest.
    pub successes: Vec<Success>,
    /// The discrepancy table.
    pub discrepancies: Vec<Discrepancy>,
    /// Findings of the code category.
    pub observations: Vec<Finding>,
    /// Findings of the performance category.
    pub recommendations: Vec<Finding>,
    /// What the text does not settle.
    pub undecided: Vec<Undecided>,
    /// Findings that the owners accepted.
    pub waived: Vec<Waived>,
    /// Columns recognised as identifiers, clinical facts, money or secrets, by table and column.
    pub identifiers: Vec<Identifier>,
    /// Which rows each role reaches, by table, door, role and command.
    pub access: Vec<Access>,
    /// The action plan, in order.
    pub plan: Vec<PlanStep>,
}

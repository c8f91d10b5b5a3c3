//! The review on the wire: JSON with a schema version. Shapes here change only by adding.
//!
//! The page reads the same types, so what it shows and what the command prints cannot differ.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The version of the shapes in this module.
pub const SCHEMA_VERSION: u32 = 1;

/// A whole review; see the outside contract in `docs/json.md`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// What made the review.
    pub tool: Tool,
    /// The review's id, a ULID.
    pub id: String,
    /// The day of the review, `YYYY-MM-DD`.
    pub date: String,
    /// `fail`, `pass_with_warnings` or `pass`.
    pub status: String,
    /// The executive summary.
    pub summary: String,
    /// The standard's name.
    pub standard: String,
    /// Remarks on the standard, in the order of its text.
    #[serde(default)]
    pub standard_notes: Vec<StandardNote>,
    /// The sources, in the order they were given.
    #[serde(default)]
    pub sources: Vec<SourceName>,
    /// What was read.
    pub coverage: Coverage,
    /// How the two sides compare as a whole; absent unless both were given.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub drift: Option<DriftSummary>,
    /// Why there is no drift section; absent when there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub drift_skipped: Option<String>,
    /// Tables with their class and controls, the worst first.
    pub tables: Vec<Table>,
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
    /// Findings the owners accepted.
    pub waived: Vec<Waived>,
    /// Which rows each role reaches, by table, door, role and command.
    pub access: Vec<Access>,
    /// Columns recognised by what they hold of a person.
    pub identifiers: Vec<Identifier>,
    /// The action plan, in order.
    pub plan: Vec<PlanStep>,
}

/// A remark on the standard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandardNote {
    /// 1-based line in the standard's text.
    pub line: usize,
    /// 1-based column in Unicode scalar values.
    pub column: usize,
    /// What is remarked, and what to write instead.
    pub message: String,
}

/// What made the review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// `schemaward`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// A source by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceName {
    /// `documented` or `implemented`.
    pub side: String,
    /// Its path, as evidence quotes it.
    pub path: String,
    /// `models`, `migrations` or `database`: who of the implemented side tells it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub layer: Option<String>,
}

/// The sum over all statements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// All statements.
    pub statements: usize,
    /// Statements whose effect is in the catalog.
    pub read: usize,
    /// Statements known to hold no schema.
    pub irrelevant: usize,
    /// Statements that could not be read.
    pub unread: Vec<Unread>,
    /// What a server would have rejected, and other remarks on the text.
    pub notes: Vec<Unread>,
}

/// A statement that could not be read, or a remark on one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// The source's path.
    pub source: String,
    /// 1-based line.
    pub line: usize,
    /// 1-based column in Unicode scalar values.
    pub column: usize,
    /// The beginning of the statement.
    pub text: String,
    /// Why.
    pub reason: String,
}

/// A place in a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The source's path.
    pub source: String,
    /// 1-based line.
    pub line: usize,
    /// 1-based column in Unicode scalar values.
    pub column: usize,
    /// Line of the end.
    pub end_line: usize,
    /// Column one past the end.
    pub end_column: usize,
    /// The quoted text, first line only, shortened when long.
    pub quote: String,
}

/// One table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Its class.
    pub class: String,
    /// Why it has that class.
    pub because: String,
    /// Verdicts by control: `primary_key`, `timestamps`, `soft_delete`, `row_security`, `policies`,
    /// `audit`, `privacy`, `indexes`.
    pub controls: BTreeMap<String, Control>,
}

/// The judgement of one control.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Control {
    /// `met`, `unmet`, `undecided` or `not_applicable`.
    pub verdict: String,
    /// Why.
    pub because: String,
    /// What proves it.
    pub evidence: Vec<Evidence>,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable for the same rule and subject.
    pub id: String,
    /// The rule's id.
    pub rule: String,
    /// The rule's category.
    pub category: String,
    /// `critical`, `warning` or `info`.
    pub severity: String,
    /// `schema.name` without `public.`.
    pub table: Option<String>,
    /// The column.
    pub column: Option<String>,
    /// What it is about.
    pub subject: String,
    /// What is wrong.
    pub message: String,
    /// Why it matters.
    pub impact: String,
    /// What proves it.
    pub evidence: Vec<Evidence>,
    /// Mandates and safeguards it supports.
    pub references: Vec<String>,
    /// Ids of the plan's steps that close it.
    pub closes_with: Vec<String>,
}

/// A met control of interest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Success {
    /// The rule that would have fired.
    pub rule: String,
    /// The table.
    pub table: Option<String>,
    /// What it is about.
    pub subject: String,
    /// What is right.
    pub message: String,
    /// What proves it.
    pub evidence: Vec<Evidence>,
}

/// A row of the discrepancy table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discrepancy {
    /// Its kind (`undocumented-table`).
    pub kind: String,
    /// The human name of what differs.
    pub entity: String,
    /// The documented cell.
    pub documented: String,
    /// The implemented cell.
    pub implemented: String,
    /// What the difference is.
    pub message: String,
    /// `critical`, `warning` or `info`.
    pub severity: String,
    /// The lines on both sides.
    pub evidence: Vec<Evidence>,
    /// What each layer of the implemented side holds, where they do not agree.
    #[serde(default)]
    pub layers: Vec<LayerValue>,
    /// What would make it go away.
    #[serde(default)]
    pub repairs: Repairs,
}

/// What would make one difference go away; empty where a person must decide how.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repairs {
    /// A unified diff of the document where it can be edited in place, else the SQL to add to it.
    pub document: String,
    /// The SQL that makes the implementation what is documented.
    pub implementation: String,
}

/// How the two sides compare as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// What one layer holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerValue {
    /// `models`, `migrations` or `database`.
    pub layer: String,
    /// What it holds.
    pub value: String,
}

/// Something the text does not settle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undecided {
    /// The rule that could not be judged.
    pub rule: String,
    /// The table.
    pub table: Option<String>,
    /// What it is about.
    pub subject: String,
    /// Why, and what would settle it.
    pub because: String,
}

/// A finding the owners accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waived {
    /// The finding itself.
    #[serde(flatten)]
    pub finding: Finding,
    /// The owners' reason.
    pub because: String,
    /// The last day of the waiver.
    pub until: Option<String>,
}

/// Which of a table's rows a role reaches with a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// The role.
    pub role: String,
    /// The table.
    pub table: String,
    /// The command.
    pub command: String,
    /// `all`, `some`, `none` or `undecided`.
    pub rows: String,
    /// The condition on *some*.
    pub predicate: Option<String>,
    /// The door, when it is not the table itself.
    pub through: Option<String>,
    /// Why.
    pub because: String,
}

/// A column recognised by what it holds of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identifier {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// The letter of 45 CFR 164.514(b)(2)(i), where it is one of the identifiers there.
    pub letter: Option<String>,
    /// What it is.
    pub kind: String,
    /// `personal`, `clinical`, `financial` or `secret`.
    pub group: String,
    /// Why it was recognised.
    pub because: String,
}

/// A step of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanStep {
    /// `refactor-1`.
    pub id: String,
    /// `Refactor`, `Standardize`, `Harden`, `Sync` or `Optimize`.
    pub verb: String,
    /// The work, in one sentence.
    pub title: String,
    /// Ids of the findings it closes.
    pub closes: Vec<String>,
    /// Ids of findings that the step raises anew: what it cannot settle by itself.
    #[serde(default)]
    pub raises: Vec<String>,
    /// The SQL that does it; empty where a person must decide first.
    pub sql: String,
    /// Of a step that settles differences: what makes the document true, and what makes the implementation true.
    #[serde(default)]
    pub repairs: Repairs,
    /// The Alembic operations that do it; empty until they are generated.
    pub alembic: String,
    /// Questions, costs, order.
    pub notes: Vec<String>,
}

/// What changed between two versions of a schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The changes, the most serious first.
    pub changes: Vec<VersionChange>,
    /// How many tables did not change.
    pub unchanged: usize,
}

/// One change between two versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionChange {
    /// `dangerous`, `breaking`, `review` or `safe`.
    pub class: String,
    /// The kind of difference (`type-differs`).
    pub kind: String,
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

/// Both ways to make the document and the implementation one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Synchronization {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The SQL that makes the implementation what is documented.
    pub migration: String,
    /// The edits that make the document what is implemented, as a unified diff.
    pub patch: String,
    /// The documented texts after those edits.
    pub documents: Vec<Document>,
    /// How many differences there are before, and how many the edits leave.
    pub differences: usize,
    /// How many differences are left after the edits.
    pub left: usize,
}

/// A documented text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Its path.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/** The schema a source describes: what the owners say it is, or what was built. */
export type Side = "documented" | "implemented";

/** The forms a review can be rendered in. `sql` is the migration of the plan. */
export type Format = "text" | "coloured-text" | "markdown" | "html" | "csv" | "json" | "sql" | "plan-markdown";

/** What tells one review from another; what is absent is made from the clock and randomness. */
export interface Stamp {
  /** The review's id, a ULID. */
  id?: string;
  /** The day of the review, `YYYY-MM-DD`; today in UTC when absent. */
  date?: string;
}

export type Severity = "critical" | "warning" | "info";
export type Verdict = "met" | "unmet" | "undecided" | "not_applicable";
export type Verb = "Refactor" | "Standardize" | "Harden" | "Sync" | "Optimize";

/** A whole review; the same JSON that the command prints. */
export interface Review {
  schema_version: 1;
  tool: Tool;
  id: string;
  date: string;
  status: "fail" | "pass_with_warnings" | "pass";
  summary: string;
  /** The standard's name. */
  standard: string;
  /** Remarks on the standard, in the order of its text. */
  standard_notes: StandardNote[];
  /** The sources, in the order they were given. */
  sources: SourceName[];
  coverage: Coverage;
  /** How the two sides compare as a whole; absent unless both were given. */
  drift?: DriftSummary;
  /** Why there is no drift section; absent when there is one. */
  drift_skipped?: string;
  tables: Table[];
  findings: Finding[];
  successes: Success[];
  discrepancies: Discrepancy[];
  /** Findings of the code category. */
  observations: Finding[];
  /** Findings of the performance category. */
  recommendations: Finding[];
  undecided: Undecided[];
  waived: Waived[];
  access: Access[];
  identifiers: Identifier[];
  plan: PlanStep[];
}

export interface StandardNote {
  line: number;
  column: number;
  message: string;
}

export interface Tool {
  name: string;
  version: string;
}

export interface SourceName {
  side: Side;
  /** Its path, as evidence quotes it. */
  path: string;
  /** Of an implemented source: who tells it. */
  layer?: Layer;
}

/** `statements` = `read` + `irrelevant` + `unread.length`. */
export interface Coverage {
  statements: number;
  read: number;
  irrelevant: number;
  unread: Unread[];
  /** What a server would have rejected, and other remarks on the text. */
  notes: Unread[];
}

export interface Unread {
  source: string;
  line: number;
  column: number;
  text: string;
  reason: string;
}

/** A place in a source: lines and columns count from 1, columns in Unicode scalar values. */
export interface Evidence {
  source: string;
  line: number;
  column: number;
  end_line: number;
  /** One past the last column. */
  end_column: number;
  quote: string;
}

export interface Table {
  schema: string;
  name: string;
  class: string;
  because: string;
  controls: Record<string, Control>;
}

export interface Control {
  verdict: Verdict;
  because: string;
  evidence: Evidence[];
}

export interface Finding {
  /** Stable across reviews for the same rule and subject. */
  id: string;
  rule: string;
  category: string;
  severity: Severity;
  /** `schema.name` without `public.`. */
  table: string | null;
  column: string | null;
  subject: string;
  message: string;
  impact: string;
  evidence: Evidence[];
  references: string[];
  /** Ids of the plan's steps that close it. */
  closes_with: string[];
}

/** A met control of interest. */
export interface Success {
  rule: string;
  table: string | null;
  subject: string;
  message: string;
  evidence: Evidence[];
}

export interface Discrepancy {
  kind: string;
  entity: string;
  documented: string;
  implemented: string;
  message: string;
  severity: Severity;
  evidence: Evidence[];
  /** What each layer of the implemented side holds, where they do not agree. */
  layers: LayerValue[];
  /** What would make it go away; empty where a person must decide how. */
  repairs: Repairs;
}

export interface Repairs {
  /** A unified diff of the document where it can be edited in place, else the SQL to add to it. */
  document: string;
  /** The SQL that makes the implementation what is documented. */
  implementation: string;
}

export interface DriftSummary {
  documented: number;
  implemented: number;
  undocumented: number;
  unimplemented: number;
  unchanged: number;
  sentence: string;
}

export type Layer = "models" | "migrations" | "database";

export interface LayerValue {
  layer: Layer;
  value: string;
}

export interface Undecided {
  rule: string;
  table: string | null;
  subject: string;
  /** Why, and what would settle it. */
  because: string;
}

/** A finding the owners accepted. */
export interface Waived extends Finding {
  because: string;
  /** The last day of the waiver. */
  until: string | null;
}

export interface Access {
  role: string;
  table: string;
  command: string;
  rows: "all" | "some" | "none" | "undecided";
  predicate: string | null;
  through: string | null;
  because: string;
}

export interface Identifier {
  table: string;
  column: string;
  /** The letter of 45 CFR 164.514(b)(2)(i), where it is one of the identifiers there. */
  letter: string | null;
  kind: string;
  group: "personal" | "clinical" | "financial" | "secret";
  because: string;
}

export interface PlanStep {
  id: string;
  verb: Verb;
  title: string;
  /** Ids of the findings it closes. */
  closes: string[];
  /** Ids of findings that the step raises anew: what it cannot settle by itself; its notes say why. */
  raises: string[];
  /** The SQL that does it; empty where a person must decide first. */
  sql: string;
  /** Of a step that settles differences: what makes the document true, and what makes the implementation true. */
  repairs: Repairs;
  alembic: string;
  notes: string[];
}

/** What changed between two versions of a schema. */
export interface Versions {
  schema_version: 1;
  /** The most serious first. */
  changes: VersionChange[];
  /** How many tables did not change. */
  unchanged: number;
}

export interface VersionChange {
  class: "dangerous" | "breaking" | "review" | "safe";
  kind: string;
  entity: string;
  before: string;
  after: string;
  because: string;
  evidence: Evidence[];
}

/** Both ways to make the document and the implementation one. */
export interface Synchronization {
  schema_version: 1;
  /** The SQL that makes the implementation what is documented. */
  migration: string;
  /** The edits that make the document what is implemented, as a unified diff. */
  patch: string;
  /** The documented texts after those edits. */
  documents: { path: string; text: string }[];
  differences: number;
  /** How many differences the edits leave. */
  left: number;
}

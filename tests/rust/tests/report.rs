//! The review written by hand, row by row: where ours says what that one says.
//!
//! The clinic is the schema; the project below has its models and revisions, for what the report observes
//! of code.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::Path;

use schemaward_engine::{Format, Side, Stamp, Workspace};
use schemaward_render::json::{Finding, Review};
use ulid::Ulid;

const BASE: &str = r"import uuid
from datetime import datetime

from sqlalchemy import DateTime, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from ulid import ULID


class Base(DeclarativeBase):
    pass


class UUIDMixin:
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=lambda: ULID().to_uuid())


class TimestampMixin:
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class SoftDeleteMixin:
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
";

const CARE: &str = r#"import uuid
from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, SoftDeleteMixin, TimestampMixin, UUIDMixin


class Patient(UUIDMixin, TimestampMixin, SoftDeleteMixin, Base):
    __tablename__ = "patients"

    given_name: Mapped[str]


class OrganizationMember(UUIDMixin, TimestampMixin, Base):
    __tablename__ = "organization_memberships"

    user_id: Mapped[uuid.UUID]


class CareTeamAssignment(UUIDMixin, TimestampMixin, Base):
    __tablename__ = "care_team_assignments"

    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    removed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Appointment(UUIDMixin, TimestampMixin, Base):
    __tablename__ = "appointments"

    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), index=True)


class MessageThread(TimestampMixin, Base):
    __tablename__ = "message_threads"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), index=True)


class BillingTransaction(UUIDMixin, TimestampMixin, Base):
    __tablename__ = "billing_transactions"

    amount_cents: Mapped[int]
"#;

const START: &str = r#"import sqlalchemy as sa
from alembic import op

revision = "a1"
down_revision = None


def times():
    return [
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    ]


def upgrade():
    op.create_table("patients", sa.Column("id", sa.Uuid(), primary_key=True), sa.Column("given_name", sa.String(), nullable=False), sa.Column("deleted_at", sa.DateTime(timezone=True)), *times())
    op.create_table("organization_memberships", sa.Column("id", sa.Uuid(), primary_key=True), sa.Column("user_id", sa.Uuid(), nullable=False), *times())
    for name, more in (("care_team_assignments", [sa.Column("removed_at", sa.DateTime(timezone=True))]), ("appointments", [])):
        op.create_table(name, sa.Column("id", sa.Uuid(), primary_key=True), sa.Column("patient_id", sa.Uuid(), sa.ForeignKey("patients.id"), nullable=False), *more, *times())
        op.create_index(f"ix_{name}_patient_id", name, ["patient_id"])
    op.create_table("message_threads", sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), primary_key=True), sa.Column("patient_id", sa.Uuid(), sa.ForeignKey("patients.id"), nullable=False), *times())
    op.create_index("ix_message_threads_patient_id", "message_threads", ["patient_id"])


def downgrade():
    for name in ("message_threads", "appointments", "care_team_assignments", "organization_memberships", "patients"):
        op.drop_table(name)
"#;

const BILLING: &str = r#"from alembic import op

revision = "l6m7n8o9p0q1"
down_revision = "a1"


def upgrade():
    op.execute("""
        CREATE TABLE billing_transactions (
            id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            amount_cents integer NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now(),
            updated_at timestamptz NOT NULL DEFAULT now()
        )
    """)


def downgrade():
    op.execute("DROP TABLE billing_transactions")
"#;

const DOCUMENTED: &str = "
CREATE TABLE organization_memberships (id uuid PRIMARY KEY, user_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE care_team_assignments (id uuid PRIMARY KEY, patient_id uuid NOT NULL, deleted_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now());
";

const STANDARD: &str = r#"
[models]
mixins = { primary_key = "UUIDMixin", timestamps = "TimestampMixin", soft_delete = "SoftDeleteMixin" }
"#;

fn reviewed(files: &[(Side, &str, &str)], standard: &str) -> Review {
    let mut workspace = Workspace::new();
    workspace.set_standard(standard);
    for (side, path, text) in files {
        workspace.set_source(*side, path, text);
    }
    let stamp = Stamp { id: Ulid::from_parts(0, 0), date: "2026-01-13".to_owned() };
    workspace.review(stamp).expect("it is reviewed")
}

fn clinic() -> Review {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/clinic");
    let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let (documented, implemented) = (text("documented.sql"), text("implemented.sql"));
    let files = [
        (Side::Documented, "documented.sql", documented.as_str()),
        (Side::Implemented, "implemented.sql", implemented.as_str()),
    ];
    reviewed(&files, &text("standard.toml"))
}

fn project() -> Review {
    let files = [
        (Side::Documented, "docs/schema.sql", DOCUMENTED),
        (Side::Implemented, "src/__init__.py", ""),
        (Side::Implemented, "src/models/__init__.py", ""),
        (Side::Implemented, "src/models/base.py", BASE),
        (Side::Implemented, "src/models/care.py", CARE),
        (Side::Implemented, "migrations/versions/a1_start.py", START),
        (Side::Implemented, "migrations/versions/l6m7n8o9p0q1_billing_tables.py", BILLING),
    ];
    let review = reviewed(&files, STANDARD);
    assert!(review.coverage.unread.is_empty(), "{:?}", review.coverage.unread);
    review
}

/// Every finding, observation and recommendation on these tables, or what is missing.
fn each<'r>(review: &'r Review, rule: &str, tables: &[&str]) -> Vec<&'r Finding> {
    let all = [&review.findings, &review.observations, &review.recommendations];
    let found = |table: &&str| {
        all.iter()
            .flat_map(|list| list.iter())
            .find(|it| it.rule == rule && it.table.as_deref() == Some(*table))
            .unwrap_or_else(|| panic!("no {rule} on {table}"))
    };
    tables.iter().map(found).collect()
}

#[test]
fn status_and_summary() {
    let review = clinic();
    assert_eq!(review.status, "fail");
    assert!(
        review.summary.contains("primary key not of the mandated kind (7)"),
        "{}",
        review.summary
    );
    assert!(
        review.summary.contains("Failures are thickest in financial tables"),
        "{}",
        review.summary
    );
}

#[test]
fn issue_a_random_keys_in_place_of_ulids() {
    let tables = [
        "message_threads",
        "messages",
        "notifications",
        "billing_transactions",
        "subscription_overrides",
        "user_sessions",
        "user_devices",
    ];
    for finding in each(&clinic(), "primary-key-kind", &tables) {
        assert!(finding.message.contains("gen_random_uuid()"), "{}", finding.message);
        assert!(finding.impact.contains("sort"), "{}", finding.impact);
        assert_eq!(finding.severity, "critical");
    }
    // "Instead of the UUIDMixin" is said of the class.
    let project = project();
    let mixin = each(&project, "mixin-bypassed", &["message_threads"]);
    assert!(mixin.iter().any(|it| it.message.contains("UUIDMixin")), "{mixin:?}");
}

#[test]
fn issue_b_soft_delete_omitted() {
    let clinic = clinic();
    for finding in each(&clinic, "soft-delete-missing", &["appointments", "documents"]) {
        assert!(finding.message.contains("clinical"), "{}", finding.message);
        assert!(finding.references.iter().any(|it| it.contains("164.312")), "{finding:?}");
    }
    let observed = project();
    let said =
        |it: &&Finding| it.rule == "mixin-bypassed" && it.message.contains("SoftDeleteMixin");
    assert!(observed.observations.iter().filter(said).any(|it| it.subject == "Appointment"));
}

#[test]
fn issue_c_row_security_and_audit() {
    let clinic = clinic();
    each(&clinic, "rls-missing", &["billing_transactions", "subscription_overrides"]);
    let tables =
        ["billing_transactions", "subscription_overrides", "support_tickets", "calls", "tasks"];
    each(&clinic, "audit-trigger-missing", &tables);
}

#[test]
fn success_d_contact_methods() {
    let clinic = clinic();
    let mut successes = clinic.successes.iter();
    let said = successes
        .find(|it| it.rule == "contact-safety-flag")
        .expect("the flag of contact methods is a success");
    assert_eq!(said.table.as_deref(), Some("contact_methods"));
    assert!(said.message.contains("is_safe_for_voicemail"));
    assert!(said.message.contains("application logic strictly enforces"), "{}", said.message);
}

#[test]
fn discrepancies_of_members_care_team_and_billing() {
    let (clinic, project) = (clinic(), project());
    let row = |review: &Review, kind: &str, words: &[&str]| {
        review.discrepancies.iter().any(|it| {
            let text = format!("{} {} {} {}", it.entity, it.documented, it.implemented, it.message);
            it.kind == kind && words.iter().all(|word| text.contains(word))
        })
    };
    // `organization_memberships` against `OrganizationMember`.
    let members = ["organization_memberships", "OrganizationMember"];
    assert!(row(&project, "class-table-name", &members), "{:#?}", project.discrepancies);
    each(&project, "class-table-name-mismatch", &["organization_memberships"]);
    // `deleted_at` against `removed_at`.
    assert!(row(&clinic, "nonstandard-field", &["removed_at"]));
    each(&clinic, "soft-delete-nonstandard", &["care_team_assignments"]);
    assert!(row(&project, "nonstandard-field", &["removed_at"]), "{:#?}", project.discrepancies);
    // Billing is not in the document.
    assert!(
        row(&clinic, "undocumented-table", &["Billing", "billing_transactions", "out of date"]),
        "{:#?}",
        clinic.discrepancies
    );
}

#[test]
fn observations_of_typing_mixins_and_migrations() {
    let project = project();
    let success = |rule: &str, words: &str| {
        project.successes.iter().any(|it| it.rule == rule && it.message.contains(words))
    };
    assert!(success("untyped-attribute", "Consistent use of `Mapped`"), "{:#?}", project.successes);
    assert!(success("mixin-bypassed", "are defined once"), "{:#?}", project.successes);
    // "Follows a manual SQL style rather than leveraging model definitions."
    let by_hand = each(&project, "migration-bypasses-models", &["billing_transactions"]);
    assert!(by_hand.iter().all(|it| it.message.contains("l6m7n8o9p0q1")), "{by_hand:?}");
}

#[test]
fn recommendations_on_indexes_and_policies() {
    let clinic = clinic();
    let log = each(&clinic, "audit-log-unindexed", &["audit_logs"]);
    assert!(log.iter().any(|it| it.message.contains("audit_logs(resource_id)")), "{log:?}");
    let present = |it: &&schemaward_render::json::Success| {
        it.message.contains("billing_transactions(created_at DESC)")
            && it.message.contains("already present")
    };
    assert!(clinic.successes.iter().any(|it| present(&it)));
    for finding in each(&clinic, "policy-subquery", &["patients"]) {
        for word in [
            "patient_isolation",
            "organization_patients",
            "flattened `organization_id`",
            "redundant",
        ] {
            assert!(finding.message.contains(word), "{}", finding.message);
        }
    }
}

#[test]
fn action_plan() {
    let clinic = clinic();
    let step = |verb: &str, words: &[&str]| {
        clinic.plan.iter().any(|step| {
            let text = format!("{}\n{}", step.title, step.sql);
            step.verb == verb && words.iter().all(|word| text.contains(word))
        })
    };
    let soft = ["appointments", "documents", "message_threads", "messages", "deleted_at"];
    assert!(step("Refactor", &soft), "no soft delete for {soft:?}");
    let keys = ["billing_transactions", "messages", "user_sessions", "SET DEFAULT", "ulid"];
    assert!(step("Standardize", &keys), "no {keys:?}");
    assert!(step("Harden", &["billing_transactions", "subscription_overrides", "CREATE POLICY"]));
    assert!(step(
        "Harden",
        &["billing_transactions", "support_tickets", "calls", "tasks", "CREATE TRIGGER"]
    ));
    assert!(clinic.plan.iter().any(|step| step.verb == "Sync"), "nothing updates the document");
    // The report prints all of it.
    let text = Workspace::render(&clinic, Format::Markdown);
    for heading in [
        "Executive Summary",
        "Critical Issues",
        "Schema Discrepancies",
        "Performance Recommendations",
        "Action Plan",
    ] {
        assert!(text.contains(heading), "{heading}");
    }
}

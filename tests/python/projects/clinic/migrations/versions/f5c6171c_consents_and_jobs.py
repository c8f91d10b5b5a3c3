"""consents and jobs

Revision ID: f5c6171c
Revises: e4b5061b
Create Date: 2023-05-08 10:28:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision = "f5c6171c"
down_revision = "e4b5061b"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "consents",
        sa.Column("id", sa.UUID(), primary_key=True),
        sa.Column("organisation_id", sa.UUID(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("patient_id", sa.UUID(), sa.ForeignKey("patients.id"), nullable=False),
        sa.Column("purpose", sa.String(60), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_on", sa.Date()),
        postgresql.ExcludeConstraint(
            (sa.column("patient_id"), "="), ("purpose", "="), where=sa.text("withdrawn_on IS NULL"), using="btree", name="ex_consents_one"
        ),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("payload", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False, index=True),
        sa.Column("locked_by", sa.String()),
    )
    op.create_table("job_errors", sa.Column("job_id", sa.Integer(), sa.ForeignKey("jobs.id")), sa.Column("said", sa.Text()))


def downgrade():
    for name in "job_errors jobs consents".split():
        op.drop_table(name)

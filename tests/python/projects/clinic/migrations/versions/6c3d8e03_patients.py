"""patients

Revision ID: 6c3d8e03
Revises: 5b1e7d02
Create Date: 2023-04-22 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision = "6c3d8e03"
down_revision = "5b1e7d02"
branch_labels = None
depends_on = None


sex = postgresql.ENUM("female", "male", "other", name="sex", create_type=False)


def upgrade():
    sex.create(op.get_bind(), checkfirst=True)
    op.create_table(
        "patients",
        sa.Column("id", postgresql.UUID(as_uuid=True), nullable=False),
        sa.Column("organisation_id", postgresql.UUID(as_uuid=True), nullable=False),
        sa.Column("mrn", sa.String(length=24), nullable=False),
        sa.Column("family_name", sa.String(), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=False),
        sa.Column("sex", sex, nullable=True),
        sa.Column("ssn", sa.String(length=11), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_patients_organisation_id_organisations"),
        sa.PrimaryKeyConstraint("id", name="pk_patients"),
    )
    op.create_index("ix_patients_organisation_id", "patients", ["organisation_id"])


def downgrade():
    op.drop_index("ix_patients_organisation_id", table_name="patients")
    op.drop_table("patients")
    sex.drop(op.get_bind(), checkfirst=True)

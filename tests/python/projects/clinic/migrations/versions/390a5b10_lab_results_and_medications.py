"""lab results and medications

Revision ID: 390a5b10
Revises: 06d7280d
Create Date: 2023-05-05 10:16:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision = "390a5b10"
down_revision = "06d7280d"
branch_labels = None
depends_on = None


COMMON = lambda: [
    sa.Column("id", sa.UUID(), nullable=False),
    sa.Column("patient_id", sa.UUID(), nullable=False),
    sa.Column("organisation_id", sa.UUID(), nullable=False),
]
SPECIFIC = {
    "lab_results": [
        sa.Column("loinc", sa.String(10), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("text_value", sa.String(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
    ],
    "medications": [
        sa.Column("drug", sa.String(), nullable=False),
        sa.Column("dosage", postgresql.JSONB(), nullable=False, server_default=sa.text("'{}'::jsonb")),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
    ],
}


def upgrade():
    for name, columns in SPECIFIC.items():
        op.create_table(
            name,
            *COMMON(),
            *columns,
            sa.Column("deleted_at", sa.DateTime(timezone=True)),
            sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
            sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=f"fk_{name}_patient_id_patients", ondelete="RESTRICT"),
            sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=f"fk_{name}_organisation_id_organisations"),
        )
        for column in ["patient_id", "organisation_id"]:
            op.create_index(op.f(f"ix_{name}_{column}"), name, [column])


def downgrade():
    for name in reversed(list(SPECIFIC)):
        op.drop_table(name)

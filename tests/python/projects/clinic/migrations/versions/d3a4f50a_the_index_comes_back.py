"""the index comes back

Revision ID: d3a4f50a
Revises: c293e409
Create Date: 2023-11-17 10:10:00.000000

"""
import sqlalchemy as sa
from alembic import op

from migrations.helpers.schema import has_index

# revision identifiers, used by Alembic.
revision = "d3a4f50a"
down_revision = "c293e409"
branch_labels = None
depends_on = None


def upgrade():
    if not has_index("patients", "idx_patients_name_trgm"):
        op.execute("CREATE INDEX idx_patients_name_trgm ON patients USING gin ((family_name || ' ' || given_name) gin_trgm_ops)")
    if not has_index("diagnoses", "ix_diagnoses_icd10"):
        op.create_index("ix_diagnoses_icd10", "diagnoses", ["icd10"])


def downgrade():
    op.drop_index("idx_patients_name_trgm", "patients")

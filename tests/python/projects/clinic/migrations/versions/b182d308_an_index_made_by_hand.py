"""an index made by hand

Revision ID: b182d308
Revises: a071c207
Create Date: 2023-09-03 10:08:00.000000

"""
import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "b182d308"
down_revision = "a071c207"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute("CREATE INDEX idx_patients_name_trgm ON patients USING gin ((family_name || ' ' || given_name) gin_trgm_ops)")
    op.execute("CREATE INDEX idx_encounters_open ON encounters (starts_at) WHERE status <> 'finished' AND deleted_at IS NULL")


def downgrade():
    op.execute("DROP INDEX IF EXISTS idx_encounters_open; DROP INDEX IF EXISTS idx_patients_name_trgm;")

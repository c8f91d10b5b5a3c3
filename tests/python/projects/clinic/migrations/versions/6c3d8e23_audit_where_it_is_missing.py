"""audit where it is missing

Revision ID: 6c3d8e23
Revises: 5b2c7d22
Create Date: 2023-12-03 10:35:00.000000

"""
import sqlalchemy as sa
from alembic import op

import logging

# revision identifiers, used by Alembic.
revision = "6c3d8e23"
down_revision = "5b2c7d22"
branch_labels = None
depends_on = None


log = logging.getLogger("alembic.runtime.migration")

SKIPPED = frozenset({"alembic_version", "audit_log", "jobs"})


def tables_with(conn, column):
    query = sa.text(
        """
        SELECT table_name FROM information_schema.columns
        WHERE table_schema = 'public' AND column_name = :column
        ORDER BY table_name
        """
    )
    return [row[0] for row in conn.execute(query, {"column": column})]


def audited(conn):
    rows = conn.execute(
        sa.text("SELECT DISTINCT event_object_table FROM information_schema.triggers WHERE trigger_name LIKE 'audit%'")
    )
    return set(rows.scalars())


def upgrade():
    conn = op.get_bind()
    have = audited(conn)
    base_tables = set(sa.inspect(conn).get_table_names())
    for table in tables_with(conn, "organisation_id"):
        if table in SKIPPED or table in have or table not in base_tables:
            continue
        log.info("auditing %s", table)
        op.execute(f'CREATE TRIGGER "audit_{table}" AFTER INSERT OR UPDATE OR DELETE ON "{table}" FOR EACH ROW EXECUTE FUNCTION audit_row()')


def downgrade():
    pass

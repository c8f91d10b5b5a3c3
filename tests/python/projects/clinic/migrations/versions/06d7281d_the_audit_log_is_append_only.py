"""the audit log is append only

Revision ID: 06d7281d
Revises: f5c6171c
Create Date: 2023-06-15 10:29:00.000000

"""
import sqlalchemy as sa
from alembic import op
import os

from sqlalchemy import text

# revision identifiers, used by Alembic.
revision = "06d7281d"
down_revision = "f5c6171c"
branch_labels = None
depends_on = None


HERE = os.path.dirname(os.path.abspath(__file__))


def read(name):
    with open(os.path.join(HERE, "..", "sql", name), encoding="utf-8") as handle:
        return handle.read()


def upgrade():
    connection = op.get_bind()
    connection.execute(text(read("retention.sql")))
    for event in ["UPDATE", "DELETE", "TRUNCATE"]:
        each = "STATEMENT" if event == "TRUNCATE" else "ROW"
        connection.execute(
            text(
                f"CREATE TRIGGER audit_log_no_{event.lower()} BEFORE {event} ON audit_log "
                f"FOR EACH {each} EXECUTE FUNCTION forbid_change()"
            )
        )
    op.create_index("ix_audit_log_at", "audit_log", ["at"], postgresql_using="brin")
    op.create_table_comment("audit_log", "Who changed what; written by triggers only")
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON audit_log FROM PUBLIC")


def downgrade():
    for event in ["update", "delete", "truncate"]:
        op.execute(f"DROP TRIGGER audit_log_no_{event} ON audit_log")

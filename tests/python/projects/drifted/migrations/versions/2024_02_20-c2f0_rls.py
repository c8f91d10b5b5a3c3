"""row security that no model knows of

Revision ID: c2f0
Revises: c1f0
"""
from alembic import op

revision = "c2f0"
down_revision = "c1f0"

TABLES = ["customers", "invoices"]


def upgrade() -> None:
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(
        """
        CREATE POLICY customers_all ON customers
            USING (current_setting('app.role', true) = 'billing')
        """
    )
    op.execute("CREATE INDEX idx_invoices_open ON invoices (issued_at) WHERE status = 'open'")


def downgrade() -> None:
    op.execute("DROP INDEX idx_invoices_open")
    op.execute("DROP POLICY customers_all ON customers")
    for table in reversed(TABLES):
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")

"""hotfix of payments

Revision ID: 4a1b6c21
Revises: 28f94a1f
Create Date: 2023-10-16 10:33:00.000000

"""
import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "4a1b6c21"
down_revision = "28f94a1f"
branch_labels = None
depends_on = None


def upgrade():
    op.rename_table("payments", "receipts")
    op.execute("ALTER INDEX pk_payments RENAME TO pk_receipts")
    op.execute("ALTER POLICY payments_tenant ON receipts RENAME TO receipts_tenant")
    op.execute("ALTER TABLE receipts FORCE ROW LEVEL SECURITY")
    op.alter_column("receipts", "method", new_column_name="paid_by", existing_type=sa.String(20), server_default="cash")


def downgrade():
    op.rename_table("receipts", "payments")

"""payments

Revision ID: 28f94a0f
Revises: 17e8390e
Create Date: 2023-04-25 10:15:00.000000

"""
import sqlalchemy as sa
from alembic import op

from migrations.helpers.schema import timestamps, uuid_pk
from migrations.helpers.rls import tenant_policy

# revision identifiers, used by Alembic.
revision = "28f94a0f"
down_revision = "17e8390e"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "payments",
        uuid_pk(server_default=True),
        sa.Column("organisation_id", sa.UUID(), sa.ForeignKey("organisations.id", ondelete="CASCADE"), nullable=False),
        sa.Column("invoice_id", sa.UUID(), sa.ForeignKey("invoices.id"), nullable=False),
        sa.Column("amount", sa.Numeric(12, 2), nullable=False),
        sa.Column("method", sa.String(20), nullable=False),
        *timestamps(),
        sa.PrimaryKeyConstraint("id"),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_payments_amount")),
    )
    for table, force in [("invoices", True), ("payments", False)]:
        tenant_policy(table, force=force)
    tenant_policy(
        "invoice_lines",
        name="invoice_lines_through_invoice",
        condition="EXISTS (SELECT 1 FROM invoices i WHERE i.id = invoice_lines.invoice_id)",
    )


def downgrade():
    op.drop_table("payments")

"""money is not a float

Revision ID: c3f0
Revises: c2f0
"""
import sqlalchemy as sa
from alembic import op

revision = "c3f0"
down_revision = "c2f0"


def upgrade() -> None:
    op.alter_column("invoices", "total", existing_type=sa.Float(), type_=sa.Numeric(12, 2), existing_nullable=False)
    op.create_check_constraint("ck_invoices_total", "invoices", sa.column("total") >= 0)
    op.drop_index("ix_invoices_customer_id", "invoices")
    op.drop_column("customers", "fax")


def downgrade() -> None:
    op.add_column("customers", sa.Column("fax", sa.String(40)))
    op.create_index("ix_invoices_customer_id", "invoices", ["customer_id"])
    op.drop_constraint("ck_invoices_total", "invoices")
    op.alter_column("invoices", "total", existing_type=sa.Numeric(12, 2), type_=sa.Float())

"""billing

Revision ID: 17e8390e
Revises: 06d7280d
Create Date: 2023-03-18 10:14:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.helpers.schema import timestamps, uuid_pk

# revision identifiers, used by Alembic.
revision = "17e8390e"
down_revision = "06d7280d"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "invoices",
        uuid_pk(),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.Column("patient_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), sa.Identity(always=False, start=1000), nullable=False),
        sa.Column("currency", sa.String(length=3), server_default="EUR", nullable=False),
        sa.Column("total", sa.Numeric(precision=12, scale=2), server_default="0", nullable=False),
        *timestamps(),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    op.create_table(
        "invoice_lines",
        sa.Column("invoice_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.Numeric(12, 2), nullable=False),
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("invoice_id", "position"),
    )
    op.create_index(op.f("ix_invoices_patient_id"), "invoices", ["patient_id"])


def downgrade():
    op.drop_table("invoice_lines")
    op.drop_table("invoices")

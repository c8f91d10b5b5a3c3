"""tables"""
import sqlalchemy as sa
from alembic import op
from alembic_utils.pg_extension import PGExtension

revision = "0001"
down_revision = None

pgcrypto = PGExtension(schema="public", signature="pgcrypto")


def upgrade():
    op.create_entity(pgcrypto)
    op.create_table(
        "ward",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "stay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ward_id", sa.Integer(), nullable=False),
        sa.Column("patient", sa.Uuid(), nullable=False),
        sa.Column("admitted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("discharged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ward_id"], ["ward.id"]),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade():
    op.drop_table("stay")
    op.drop_table("ward")
    op.drop_entity(pgcrypto)

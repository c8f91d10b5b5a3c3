"""profiles, journals, shares"""
from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

from migrations.policies import Owned, enable, own_rows, policy

revision = "002"
down_revision = "001"

SQL = Path(__file__).resolve().parent.parent / "sql"

OWNED = [
    Owned("profiles", column="id"),
    Owned("journal_entries"),
    Owned("measurements"),
    Owned("device_tokens", writable=False),
]


def id_column():
    return sa.Column("id", UUID(as_uuid=True), primary_key=True, server_default=sa.text("gen_random_uuid()"))


def user_column():
    return sa.Column(
        "user_id",
        UUID(as_uuid=True),
        sa.ForeignKey("auth.users.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
        server_default=sa.text("auth.uid()"),
    )


def upgrade() -> None:
    op.create_table(
        "profiles",
        sa.Column("id", UUID(as_uuid=True), sa.ForeignKey("auth.users.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("full_name", sa.Text()),
        sa.Column("role", sa.Text(), nullable=False, server_default="patient"),
    )
    for name, columns in {
        "journal_entries": [sa.Column("body", sa.Text(), nullable=False), sa.Column("mood", sa.SmallInteger())],
        "measurements": [sa.Column("kind", sa.Text(), nullable=False), sa.Column("value", JSONB(), nullable=False)],
        "device_tokens": [sa.Column("token", sa.Text(), nullable=False, unique=True)],
    }.items():
        op.create_table(
            name,
            id_column(),
            user_column(),
            *columns,
            sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False, server_default=sa.func.now()),
        )
    for owned in OWNED:
        enable(owned.table, force=owned.column != "id")
        own_rows(owned)
    op.execute((SQL / "handle_new_user.sql").read_text())


def downgrade() -> None:
    for owned in reversed(OWNED):
        op.drop_table(owned.table)

"""Lengths of strings, teams, more of messages

Revision ID: 9c0a54914c78
Revises: d98dd8ec85a3
Create Date: 2024-08-02 10:17:25.100000

"""
import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlmodel.sql.sqltypes import AutoString

revision = "9c0a54914c78"
down_revision = "d98dd8ec85a3"
branch_labels = None
depends_on = None

channel = sa.Enum("email", "sms", "letter", name="channel")


def upgrade():
    op.alter_column("user", "email", existing_type=sa.String(), type_=sa.String(length=255), existing_nullable=False)
    op.alter_column("user", "full_name", existing_type=sa.String(), type_=AutoString(255), existing_nullable=True)
    op.add_column("user", sa.Column("created_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "careteam",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_careteam_name"), "careteam", ["name"], unique=False)
    op.create_table(
        "care_team_member",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["careteam.id"]),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"]),
        sa.PrimaryKeyConstraint("team_id", "user_id"),
    )
    channel.create(op.get_bind(), checkfirst=True)
    with op.batch_alter_table("message") as batch_op:
        batch_op.add_column(sa.Column("body", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("channel", channel, nullable=False, server_default="email"))
        batch_op.add_column(
            sa.Column("meta", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False)
        )
        batch_op.add_column(sa.Column("sent_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("cost", sa.Numeric(precision=8, scale=3), nullable=False, server_default="0"))
        batch_op.create_unique_constraint("uq_message_subject", ["owner_id", "subject"])
        batch_op.alter_column("cost", server_default=None)


def downgrade():
    with op.batch_alter_table("message") as batch_op:
        batch_op.drop_constraint("uq_message_subject", type_="unique")
        for name in ("cost", "sent_at", "meta", "channel", "body"):
            batch_op.drop_column(name)
    channel.drop(op.get_bind())
    op.drop_table("care_team_member")
    op.drop_table("careteam")
    op.drop_column("user", "created_at")
    op.alter_column("user", "full_name", type_=sa.String())
    op.alter_column("user", "email", type_=sa.String())

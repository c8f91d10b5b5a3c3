"""Tables, in every way to make one.

Revision ID: 0010
Revises:
"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.schema import CreateSchema, DropSchema

revision = "0010"
down_revision = None
branch_labels = ("core",)
depends_on = None


def upgrade():
    op.execute(CreateSchema("archive"))
    op.execute(sa.schema.CreateSequence(sa.Sequence("ticket_numbers", start=500)))
    op.execute(sa.DDL("CREATE TYPE mood AS ENUM ('good', 'bad')"))

    device = op.create_table(
        "device",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("serial", sa.String(30), nullable=False),
        sa.Column("mood", pg.ENUM("good", "bad", name="mood", create_type=False), nullable=True),
        sa.Column("ticket", sa.Integer(), server_default=sa.text("nextval('ticket_numbers')"), nullable=False),
        sa.Column("price", sa.Numeric(8, 2), nullable=False, server_default="0"),
        sa.Column("price_with_tax", sa.Numeric(10, 2), sa.Computed("price * 1.19", persisted=True)),
        sa.Column("bought", sa.Date()),
        sa.Column("sold", sa.Date()),
        sa.Column("busy", pg.TSTZRANGE()),
        sa.PrimaryKeyConstraint("id", name="pk_device"),
        sa.UniqueConstraint("serial", name="uq_device_serial"),
        sa.CheckConstraint("sold IS NULL OR sold > bought", name="ck_device_dates"),
        ExcludeConstraint(("serial", "="), ("busy", "&&"), name="ex_device_busy", using="gist"),
        sa.Index("ix_device_bought", "bought"),
        comment="A thing with a plug",
    )
    op.bulk_insert(device, [{"serial": "A-1", "price": 10}, {"serial": "A-2", "price": 12.5}])

    op.create_table(
        "reading",
        sa.Column("device_id", sa.BigInteger, sa.ForeignKey("device.id", name="fk_reading_device", ondelete="CASCADE")),
        sa.Column("at", pg.TIMESTAMP(timezone=True, precision=3), server_default=sa.func.now()),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("unit", sa.String(8), unique=False, index=True),
        sa.PrimaryKeyConstraint("device_id", "at"),
        schema="archive",
        if_not_exists=True,
    )
    op.create_table("device", sa.Column("never", sa.Integer()), if_not_exists=True)
    op.create_table("scratch", sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Integer))
    op.create_table("event_log", sa.Column("day", sa.Date, nullable=False), sa.Column("what", sa.Text), postgresql_partition_by="RANGE (day)")
    for year in range(2023, 2026):
        op.execute(
            f"CREATE TABLE event_log_{year} PARTITION OF event_log "
            f"FOR VALUES FROM ('{year}-01-01') TO ('{year + 1}-01-01')"
        )


def downgrade():
    op.drop_table("event_log")
    op.drop_table("scratch", if_exists=True)
    op.drop_table("reading", schema="archive")
    op.drop_table("device")
    op.execute(sa.DDL("DROP TYPE mood"))
    op.execute(sa.schema.DropSequence(sa.Sequence("ticket_numbers")))
    op.execute(DropSchema("archive", cascade=True))

import sqlalchemy as sa
from sqlalchemy import event

reporting = sa.MetaData(schema="reporting")
event.listen(reporting, "before_create", sa.schema.CreateSchema("reporting", if_not_exists=True))

T = sa.Table
C = sa.Column

daily = T(
    "daily_totals",
    reporting,
    C("day", sa.Date, primary_key=True),
    C("payer_code", sa.String(12), primary_key=True),
    C("claims", sa.BigInteger, sa.Identity(always=False), nullable=False),
    C("billed", sa.Numeric(14, 2), server_default="0", nullable=False),
)

exports = T(
    "exports",
    reporting,
    C("id", sa.Uuid, primary_key=True),
    C("day", sa.Date, nullable=False),
    C("payer_code", sa.String(12), nullable=False),
    C("format", sa.Enum("csv", "x12", name="export_format", inherit_schema=True)),
    sa.ForeignKeyConstraint(["day", "payer_code"], [daily.c.day, daily.c.payer_code]),
)

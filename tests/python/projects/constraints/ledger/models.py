from sqlalchemy import (
    CheckConstraint, Column, Date, DateTime, ForeignKey, ForeignKeyConstraint, Index, Integer, MetaData,
    Numeric, PrimaryKeyConstraint, String, Table, Text, UniqueConstraint, and_, cast, desc, event, func,
    literal_column, or_, text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint, JSONB, TSTZRANGE, UUID
from sqlalchemy.schema import CreateSchema
from sqlalchemy.sql import quoted_name

convention = {
    "all_column_names": lambda constraint, table: "_".join(c.name for c in constraint.columns.values()),
    "ix": "ix__%(table_name)s__%(all_column_names)s",
    "uq": "uq__%(table_name)s__%(all_column_names)s",
    "ck": "ck__%(table_name)s__%(constraint_name)s",
    "fk": "fk__%(table_name)s__%(all_column_names)s__%(referred_table_name)s",
    "pk": "pk__%(table_name)s",
}
metadata = MetaData(naming_convention=convention)

for schema in ("billing", "clinical"):
    event.listen(metadata, "before_create", CreateSchema(schema, if_not_exists=True))

account = Table(
    "account",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("owner", String(80), nullable=False, index=True, comment="Who pays; 100% of it"),
    Column("email", String(254), unique=True),
    Column("opened_on", Date, server_default=func.current_date(), nullable=False),
    Column("closed_on", Date),
    Column("balance", Numeric(14, 2), CheckConstraint("balance > -1000", name="overdraft"), server_default=text("0.00")),
    Column("attributes", JSONB),
    Column("kind", String(10)),
    CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", name="dates"),
    UniqueConstraint("owner", "opened_on"),
    schema="billing",
    comment="An account; the owner's words stay 'as they are'",
)

entry = Table(
    "entry",
    metadata,
    Column("account_id", Integer, nullable=False),
    Column("no", Integer, nullable=False),
    Column("reverses_account_id", Integer),
    Column("reverses_no", Integer),
    Column("amount", Numeric(14, 2), nullable=False),
    Column("booked_at", DateTime(timezone=True), server_default=func.now(), nullable=False),
    Column("memo", Text),
    PrimaryKeyConstraint("account_id", "no"),
    ForeignKeyConstraint(["account_id"], ["billing.account.id"], ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
    ForeignKeyConstraint(
        ["reverses_account_id", "reverses_no"], ["billing.entry.account_id", "billing.entry.no"], match="FULL"
    ),
    UniqueConstraint("account_id", "booked_at", deferrable=True, initially="IMMEDIATE"),
    UniqueConstraint("reverses_account_id", "reverses_no", postgresql_nulls_not_distinct=True, name="one_reversal"),
    schema="billing",
)

Index(None, account.c.owner.desc().nulls_last(), account.c.opened_on)
Index("ix_account_open", account.c.owner, unique=True, postgresql_where=account.c.closed_on.is_(None))
Index("ix_account_rich", account.c.balance, postgresql_where=and_(account.c.balance > 1000, account.c.kind != "test"))
Index("ix_account_kinds", account.c.kind, postgresql_where=account.c.kind.in_(["private", "company"]))
Index("ix_account_either", account.c.kind, postgresql_where=or_(account.c.email.isnot(None), account.c.kind == "x"))
Index("ix_account_attributes", account.c.attributes, postgresql_using="gin", postgresql_ops={"attributes": "jsonb_path_ops"})
Index("ix_account_memo_trgm", entry.c.memo, postgresql_using="gin", postgresql_ops={"memo": "gin_trgm_ops"})
Index("ix_account_lower", func.lower(account.c.email))
Index("ix_account_tag", text("(attributes ->> 'tag')"), _table=account)
Index("ix_account_year", func.date_part("year", account.c.opened_on), account.c.id)
Index("ix_account_include", account.c.email, postgresql_include=["owner", "balance"])
Index("ix_account_hash", "owner", postgresql_using="hash", _table=account)
Index("ix_account_fill", account.c.opened_on, postgresql_with={"fillfactor": 70})
Index("ix_entry_brin", entry.c.booked_at, postgresql_using="brin", postgresql_with={"pages_per_range": 32})
Index("ix_entry_pattern", entry.c.memo, postgresql_ops={"memo": "text_pattern_ops"})
Index("ix_account_lower_pattern", func.lower(account.c.owner).label("owner_low"), postgresql_ops={"owner_low": "varchar_pattern_ops"})
Index("uq_entry_memo", entry.c.memo, unique=True, postgresql_nulls_not_distinct=True)

booking = Table(
    "booking",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True, server_default=text("gen_random_uuid()")),
    Column("room", Integer, nullable=False),
    Column("during", TSTZRANGE(), nullable=False),
    Column("state", String(10), server_default="held", nullable=False),
    ExcludeConstraint(("room", "="), ("during", "&&"), name="booking_no_overlap", where=text("state <> 'cancelled'")),
    ExcludeConstraint((Column("during"), "&&"), (text("lower(state)"), "="), using="gist", deferrable=True, initially="DEFERRED", name="booking_state"),
    CheckConstraint("NOT isempty(during)", name="during"),
    schema="clinical",
)

strange = Table(
    "Order",
    metadata,
    Column("user", Integer, primary_key=True),
    Column("camelCase", String, index=True),
    Column("with space", String, unique=True),
    Column("select", String, server_default="SELECT 1", comment="A 'quoted' comment"),
    Column(quoted_name("plain", quote=True), Integer),
    CheckConstraint('"camelCase" <> \'\'', name="not_empty"),
)

a_rather_long_name = Table(
    "a_table_whose_name_is_so_long_that_names_made_of_it_are_cut",
    metadata,
    Column("identifier_of_the_row_in_the_source_system", Integer, primary_key=True),
    Column("reference_to_the_account_in_the_billing_schema", ForeignKey("billing.account.id"), index=True),
)

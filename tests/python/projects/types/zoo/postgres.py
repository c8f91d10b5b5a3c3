"""The types of the PostgreSQL dialect."""
from sqlalchemy import Column, Integer, MetaData, Table, Text, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import (
    ARRAY, BIT, BYTEA, CIDR, CITEXT, DATERANGE, DATEMULTIRANGE, DOMAIN, ENUM, HSTORE, INET, INT4RANGE,
    INT4MULTIRANGE, INT8RANGE, INTERVAL, JSON, JSONB, JSONPATH, MACADDR, MACADDR8, MONEY, NUMRANGE, OID,
    REGCLASS, REGCONFIG, TIME, TIMESTAMP, TSQUERY, TSRANGE, TSTZRANGE, TSVECTOR, UUID,
)

metadata = MetaData()

blood_group = ENUM("0", "A", "B", "AB", name="blood_group", metadata=metadata)
unused = ENUM("x", "y", name="unused_kind", metadata=metadata)
percent = DOMAIN("percent", Integer, check=text("VALUE BETWEEN 0 AND 100"), not_null=True, default=text("0"))
icd_code = DOMAIN("icd_code", Text(), collation="C", constraint_name="icd_code_shape", check=r"VALUE ~ '^[A-Z]\d\d'")

pg_types = Table(
    "pg_types",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("bit_one", BIT),
    Column("bit_many", BIT(8)),
    Column("bit_varying", BIT(varying=True)),
    Column("bit_varying_16", BIT(16, varying=True)),
    Column("bytes", BYTEA),
    Column("net", CIDR),
    Column("name", CITEXT),
    Column("days", DATERANGE),
    Column("day_sets", DATEMULTIRANGE),
    Column("tags", HSTORE),
    Column("address", INET),
    Column("ints", INT4RANGE),
    Column("int_sets", INT4MULTIRANGE),
    Column("bigs", INT8RANGE),
    Column("span", INTERVAL),
    Column("span_field", INTERVAL(fields="DAY TO SECOND")),
    Column("span_precise", INTERVAL(precision=3)),
    Column("json", JSON),
    Column("json_text", JSON(astext_type=Text())),
    Column("jsonb", JSONB, server_default=text("'[]'::jsonb"), nullable=False),
    Column("path", JSONPATH),
    Column("mac", MACADDR),
    Column("mac8", MACADDR8),
    Column("price", MONEY),
    Column("nums", NUMRANGE),
    Column("oid", OID),
    Column("class", REGCLASS),
    Column("config", REGCONFIG, server_default="english"),
    Column("clock", TIME(precision=0)),
    Column("clock_tz", TIME(timezone=True, precision=3)),
    Column("moment", TIMESTAMP(precision=6)),
    Column("moment_tz", TIMESTAMP(True, 3)),
    Column("query", TSQUERY),
    Column("search", TSVECTOR),
    Column("times", TSRANGE),
    Column("times_tz", TSTZRANGE),
    Column("key", UUID),
    Column("key_text", UUID(as_uuid=False)),
    Column("words", ARRAY(Text)),
    Column("ranges", postgresql.ARRAY(DATERANGE, dimensions=1), server_default="{}"),
    Column("groups", ARRAY(blood_group)),
    Column("blood", blood_group, server_default="0"),
    Column("progress", percent),
    Column("icd", icd_code),
)

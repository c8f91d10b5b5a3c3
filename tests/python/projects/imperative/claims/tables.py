from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Numeric,
    Sequence,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects import postgresql as pg

from .columns import code, key, reference, stamps

metadata = MetaData()

claim_number = Sequence("claim_number", start=10_000, increment=1, metadata=metadata)

payer = Table("payer", metadata, key(), code(12), Column("name", Text, nullable=False), *stamps())

provider = Table(
    "provider",
    metadata,
    key(),
    code(10, name="npi"),
    Column("name", Text, nullable=False),
    Column("specialties", pg.ARRAY(String(30), dimensions=1), server_default=text("'{}'")),
    *stamps(),
    CheckConstraint("npi ~ '^[0-9]{10}$'", name="provider_npi_digits"),
)

claim = Table(
    "claim",
    metadata,
    key(),
    Column("number", Integer, claim_number, server_default=claim_number.next_value(), nullable=False),
    reference("payer"),
    reference("provider", nullable=True, on_delete="SET NULL"),
    Column("service_date", Date, nullable=False),
    Column("total", Numeric(12, 2), nullable=False, server_default=text("0")),
    Column("status", pg.ENUM("draft", "sent", "paid", "denied", name="claim_status", metadata=metadata), nullable=False),
    *stamps(),
    UniqueConstraint("number", name="claim_number_unique"),
    CheckConstraint("total >= 0"),
    comment="A bill to an insurer",
)

line = Table(
    "claim_line",
    metadata,
    Column("claim_id", Integer, ForeignKey(claim.c.id, ondelete="CASCADE"), primary_key=True),
    Column("line_no", SmallInteger, primary_key=True),
    Column("procedure_code", String(5), nullable=False),
    Column("units", Integer, nullable=False, default=1),
    Column("charge", Numeric(10, 2), nullable=False),
)
line.append_constraint(CheckConstraint(line.c.units > 0, name="claim_line_units"))

diagnosis = Table("diagnosis", metadata, Column("icd10", String(8), primary_key=True), Column("title", Text))

line_diagnosis = Table(
    "claim_line_diagnosis",
    metadata,
    Column("claim_id", Integer, primary_key=True),
    Column("line_no", SmallInteger, primary_key=True),
    Column("icd10", ForeignKey("diagnosis.icd10"), primary_key=True),
)

Index("ix_claim_open", claim.c.payer_id, claim.c.service_date.desc(), postgresql_where=claim.c.status == "sent")
Index("ix_provider_specialties", provider.c.specialties, postgresql_using="gin")

for name, states in {"claim_event": ("opened", "closed"), "payment_event": ("posted", "reversed")}.items():
    Table(
        name,
        metadata,
        key(),
        reference("claim", on_delete="CASCADE"),
        Column("kind", String(16), CheckConstraint("kind IN ('%s')" % "', '".join(states)), nullable=False),
        *stamps()[:1],
    )

# -*- coding: utf-8 -*-
import uuid

import sqlalchemy as sa
from sqlalchemy import (
    Boolean, Column, Date, DateTime, Enum, Float, ForeignKey, ForeignKeyConstraint, Index, Integer,
    LargeBinary, Numeric, PrimaryKeyConstraint, SmallInteger, String, Table, Text, UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON, UUID
from sqlalchemy.orm import backref, relationship

from laboratory.database import Base

SAMPLE_STATES = ("received", "queued", "measured", "released", "rejected")

panel_analytes = Table(
    "panel_analytes",
    Base.metadata,
    Column("panel_id", ForeignKey("panels.id", ondelete="CASCADE"), primary_key=True),
    Column("analyte_id", ForeignKey("analytes.id"), primary_key=True),
    Column("position", SmallInteger, nullable=False, server_default="0"),
)


class Panel(Base):
    __tablename__ = "panels"

    code = Column(String(16), nullable=False, unique=True)
    title = Column(String(200), nullable=False)
    analytes = relationship("Analyte", secondary=panel_analytes, backref="panels")


class Analyte(Base):
    __tablename__ = "analytes"
    __table_args__ = {"extend_existing": True}

    loinc = Column("loinc_code", String(10), nullable=False, index=True)
    name = Column(String, nullable=False)
    unit = Column(String(20))
    lower_limit = Column(Float)
    upper_limit = Column(Float(precision=24))
    decimals = Column(SmallInteger, default=2)


class Sample(Base):
    __tablename__ = "samples"

    uuid = Column(UUID(as_uuid=True), default=uuid.uuid4, unique=True, nullable=False)
    barcode = Column(sa.Unicode(32), nullable=False, index=True, unique=True)
    state = Column(Enum(*SAMPLE_STATES, name="sample_state"), nullable=False, default="received")
    priority = Column(Enum("routine", "stat", native_enum=False, length=12), server_default="routine")
    patient_mrn = Column(String(24), index=True)
    drawn_at = Column(DateTime(timezone=True))
    volume_ml = Column(Numeric(6, 2))
    tags = Column(ARRAY(String(20)), nullable=False, server_default="{}")
    raw = Column(JSON)
    label = Column(LargeBinary)
    is_control = Column(Boolean, nullable=False, server_default=sa.false())
    parent_id = Column(Integer, ForeignKey("samples.id"))

    aliquots = relationship("Sample", backref=backref("parent", remote_side="Sample.id"))
    results = relationship("Result", back_populates="sample", lazy="dynamic")


class Result(Base):
    __tablename__ = "results"
    __table_args__ = (
        UniqueConstraint("sample_id", "analyte_id", "run_no"),
        Index("ix_results_flagged", "sample_id", postgresql_where=sa.text("flag IS NOT NULL")),
    )

    sample_id = Column(Integer, ForeignKey(Sample.id, ondelete="CASCADE"), nullable=False)
    analyte_id = Column(ForeignKey("analytes.id"), nullable=False)
    run_no = Column(Integer, nullable=False, server_default=sa.text("1"))
    value = Column(Numeric(asdecimal=False))
    text_value = Column(Text)
    flag = Column(String(2))
    measured_on = Column(Date, server_default=sa.text("CURRENT_DATE"))

    sample = relationship(Sample, back_populates="results")


class ResultComment(Base):
    """Its key is the result's, so that the inherited one is not wanted."""

    __tablename__ = "result_comments"
    __table_args__ = (
        PrimaryKeyConstraint("result_id", "line", name="result_comments_key"),
        ForeignKeyConstraint(["result_id"], ["results.id"], onupdate="CASCADE", ondelete="CASCADE"),
    )

    id = None
    result_id = Column(Integer, autoincrement=False)
    line = Column(Integer, autoincrement=False)
    body = Column(Text, nullable=False)

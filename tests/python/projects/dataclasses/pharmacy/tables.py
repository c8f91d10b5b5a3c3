from __future__ import annotations

import enum
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Optional
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, MappedAsDataclass, mapped_column, relationship

from .base import Base, created, ndc_code, new_id, utcnow


class Schedule(str, enum.Enum):
    NONE = "none"
    II = "ii"
    III = "iii"


class Stamped(MappedAsDataclass, kw_only=True):
    created_at: Mapped[created]
    updated_at: Mapped[Optional[datetime]] = mapped_column(default=None, onupdate=utcnow)


class Drug(Stamped, Base):
    __tablename__ = "drug"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    code: Mapped[ndc_code] = mapped_column(unique=True)
    name: Mapped[str]
    schedule: Mapped[Schedule] = mapped_column(default=Schedule.NONE, index=True)
    unit: Mapped[Literal["tablet", "ml", "dose"]] = mapped_column(default="tablet")
    price: Mapped[Decimal] = mapped_column(Numeric(10, 4), default=Decimal("0"))
    active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))

    lots: Mapped[list[Lot]] = relationship(back_populates="drug", default_factory=list)


class Lot(Stamped, Base):
    __tablename__ = "lot"
    __table_args__ = (
        UniqueConstraint("drug_id", "number"),
        CheckConstraint("quantity >= 0", name="quantity"),
    )

    id: Mapped[UUID] = mapped_column(default_factory=new_id, primary_key=True)
    drug_id: Mapped[int] = mapped_column(ForeignKey("drug.id", ondelete="CASCADE"), init=False)
    number: Mapped[str] = mapped_column(String(40))
    quantity: Mapped[int] = mapped_column(default=0)
    expires_on: Mapped[date]

    drug: Mapped[Drug] = relationship(back_populates="lots")


class Dispense(Stamped, Base):
    __tablename__ = "dispense"

    id: Mapped[UUID] = mapped_column(
        primary_key=True, init=False, insert_default=new_id, server_default=text("gen_random_uuid()")
    )
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    patient_reference: Mapped[str] = mapped_column(String(64), index=True)
    quantity: Mapped[int]
    note: Mapped[str | None] = mapped_column(default=None, repr=False)
    dispensed_at: Mapped[datetime] = mapped_column(default_factory=utcnow)

    lot: Mapped[Lot] = relationship(init=False)


Index(None, Dispense.dispensed_at.desc())

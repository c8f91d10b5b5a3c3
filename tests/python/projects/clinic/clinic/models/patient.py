import datetime
import uuid
from typing import List, Optional

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from ..db import AuditedMixin, Base, SoftDeleteMixin, UUIDMixin

SEXES = ("female", "male", "other", "unknown")
Sex = postgresql.ENUM(*SEXES, name="sex", create_type=True)


class EncryptedString(TypeDecorator):
    """Sealed before it leaves the process."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, purpose: str, **kwargs):
        super().__init__(**kwargs)
        self.purpose = purpose


class Patient(UUIDMixin, AuditedMixin, SoftDeleteMixin, Base):
    __tablename__ = "patients"
    __table_args__ = (
        UniqueConstraint("organisation_id", "mrn", name="uq_patients_mrn"),
        CheckConstraint("born_on <= CURRENT_DATE", name="born"),
        Index("ix_patients_alive", "organisation_id", "family_name", postgresql_where=text("deleted_at IS NULL")),
    )

    mrn: Mapped[str] = mapped_column(String(24))
    family_name: Mapped[str]
    given_name: Mapped[str]
    born_on: Mapped[datetime.date] = mapped_column(Date)
    sex: Mapped[str] = mapped_column(Sex, server_default="unknown")
    ssn: Mapped[Optional[str]] = mapped_column(EncryptedString("ssn"))
    phones: Mapped[Optional[List[str]]] = mapped_column(postgresql.ARRAY(String(32)))

    addresses: Mapped[List["Address"]] = relationship(back_populates="patient", cascade="all, delete-orphan")


class Address(UUIDMixin, Base):
    __tablename__ = "addresses"

    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id", ondelete="CASCADE"), index=True)
    line1: Mapped[str] = mapped_column(String(120))
    line2: Mapped[Optional[str]] = mapped_column(String(120))
    postcode: Mapped[str] = mapped_column(String(12))
    country_code: Mapped[str] = mapped_column(ForeignKey("countries.code"), server_default="DE")

    patient: Mapped[Patient] = relationship(back_populates="addresses")


class Consent(UUIDMixin, AuditedMixin, Base):
    __tablename__ = "consents"

    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(60))
    given_on: Mapped[datetime.date]
    withdrawn_on: Mapped[Optional[datetime.date]]

    __table_args__ = (
        postgresql.ExcludeConstraint(
            ("patient_id", "="), ("purpose", "="), where=text("withdrawn_on IS NULL"), using="btree", name="ex_consents_one"
        ),
    )

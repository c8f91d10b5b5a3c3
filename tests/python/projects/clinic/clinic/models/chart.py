import enum
import uuid
from datetime import datetime
from typing import Any, Optional

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from clinic.db import AuditedMixin, Base, SoftDeleteMixin, UUIDMixin


class EncounterStatus(enum.Enum):
    planned = "planned"
    arrived = "arrived"
    finished = "finished"
    cancelled = "cancelled"


class ChartBase(UUIDMixin, AuditedMixin, SoftDeleteMixin, Base):
    __abstract__ = True

    @declared_attr
    def patient_id(cls) -> Mapped[uuid.UUID]:
        return mapped_column(sa.ForeignKey("patients.id", ondelete="RESTRICT"), index=True)

    @declared_attr.directive
    def __table_args__(cls):
        return (
            sa.Index(f"ix_{cls.__tablename__}_patient_alive", "patient_id", postgresql_where=sa.text("deleted_at IS NULL")),
        )


class Encounter(ChartBase):
    __tablename__ = "encounters"

    status: Mapped[EncounterStatus] = mapped_column(default=EncounterStatus.planned, server_default="planned")
    starts_at: Mapped[datetime]
    ends_at: Mapped[Optional[datetime]]
    notes: Mapped[list["Note"]] = relationship(back_populates="encounter")


class Note(ChartBase):
    __tablename__ = "notes"

    encounter_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey(Encounter.id))
    body: Mapped[str] = mapped_column(sa.Text)
    search: Mapped[Any] = mapped_column(TSVECTOR, sa.Computed("to_tsvector('simple', body)", persisted=True), nullable=True)
    encounter: Mapped[Encounter] = relationship(back_populates="notes")


class Diagnosis(ChartBase):
    __tablename__ = "diagnoses"

    icd10: Mapped[str] = mapped_column(sa.String(8), index=True)
    certainty: Mapped[str] = mapped_column(sa.Enum("suspected", "confirmed", "excluded", name="certainty"))


class Medication(ChartBase):
    __tablename__ = "medications"

    drug: Mapped[str]
    dosage: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    ended_at: Mapped[Optional[datetime]]


class LabResult(ChartBase):
    __tablename__ = "lab_results"
    __table_args__ = (
        sa.CheckConstraint("value IS NOT NULL OR text_value IS NOT NULL", name="has_value"),
        *(sa.Index(f"ix_lab_results_{c}", c) for c in ("loinc", "taken_at")),
    )

    loinc: Mapped[str] = mapped_column(sa.String(10))
    value: Mapped[Optional[float]]
    text_value: Mapped[Optional[str]]
    taken_at: Mapped[datetime]

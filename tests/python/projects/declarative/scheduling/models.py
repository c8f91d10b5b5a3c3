from __future__ import annotations

import datetime as dt
import enum
import uuid
from decimal import Decimal
from typing import Annotated, Any, List, Optional

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

uuid_pk = Annotated[
    uuid.UUID,
    mapped_column(UUID(as_uuid=True), primary_key=True, server_default=text("gen_random_uuid()")),
]
timestamp = Annotated[
    dt.datetime,
    mapped_column(DateTime(timezone=True), nullable=False, server_default=func.now()),
]
str_80 = Annotated[str, 80]
money = Annotated[Decimal, mapped_column(Numeric(12, 2))]


class Base(DeclarativeBase):
    type_annotation_map = {
        str_80: String(80),
        dict[str, Any]: JSONB,
        dt.datetime: DateTime(timezone=True),
    }


class AppointmentStatus(enum.Enum):
    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class Clinic(Base):
    __tablename__ = "clinics"

    id: Mapped[uuid_pk]
    name: Mapped[str_80] = mapped_column(unique=True)
    time_zone: Mapped[str] = mapped_column(String(64), server_default="Europe/Berlin")
    settings: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    opened_on: Mapped[Optional[dt.date]]
    created_at: Mapped[timestamp]

    rooms: Mapped[List["Room"]] = relationship(back_populates="clinic", cascade="all, delete-orphan")
    practitioners: Mapped[List["Practitioner"]] = relationship(back_populates="clinic")


class Room(Base):
    __tablename__ = "rooms"
    __table_args__ = (UniqueConstraint("clinic_id", "number", name="uq_rooms_clinic_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("clinics.id", ondelete="CASCADE"))
    number: Mapped[str] = mapped_column(String(12))
    floor: Mapped[int | None]
    accessible: Mapped[bool] = mapped_column(default=True, server_default=text("true"))

    clinic: Mapped[Clinic] = relationship(back_populates="rooms")


class Practitioner(Base):
    __tablename__ = "practitioners"

    id: Mapped[uuid_pk]
    clinic_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Clinic.id), index=True)
    licence_number: Mapped[str] = mapped_column(String(32), unique=True, index=True)
    display_name: Mapped[str]
    biography: Mapped[Optional[str]] = mapped_column(Text)
    hourly_rate: Mapped[money]
    discount: Mapped[Optional[money]]
    supervisor_id: Mapped[Optional[uuid.UUID]] = mapped_column(
        ForeignKey("practitioners.id", ondelete="SET NULL", name="fk_practitioners_supervisor")
    )

    clinic: Mapped["Clinic"] = relationship(back_populates="practitioners")
    supervisor: Mapped[Optional["Practitioner"]] = relationship(remote_side=[id])


class Patient(Base):
    __tablename__ = "patients"

    id: Mapped[uuid_pk]
    family_name: Mapped[str_80]
    given_name: Mapped[str_80]
    born_on: Mapped[dt.date]
    email: Mapped[Optional[str]] = mapped_column(String(254))
    weight_kg: Mapped[Optional[float]]
    photo: Mapped[Optional[bytes]]
    created_at: Mapped[timestamp]
    updated_at: Mapped[timestamp] = mapped_column(onupdate=func.now())

    appointments: Mapped[list["Appointment"]] = relationship(
        back_populates="patient", passive_deletes=True
    )


Index("ix_patients_name", Patient.family_name, Patient.given_name)
Index("uq_patients_email", func.lower(Patient.email), unique=True)


class Appointment(Base):
    __tablename__ = "appointments"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ck_appointments_order"),
        Index(
            "ix_appointments_open",
            "practitioner_id",
            "starts_at",
            postgresql_where=text("status <> 'CANCELLED'"),
        ),
        {"comment": "One visit, booked or done"},
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"))
    practitioner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("practitioners.id"))
    room_id: Mapped[Optional[int]] = mapped_column(ForeignKey("rooms.id", onupdate="CASCADE"))
    status: Mapped[AppointmentStatus] = mapped_column(server_default="REQUESTED")
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    duration: Mapped[Optional[dt.timedelta]]
    reason: Mapped[str] = mapped_column(Text, comment="In the patient's words")
    reminder_at: Mapped[Optional[dt.time]]

    patient: Mapped["Patient"] = relationship(back_populates="appointments")
    practitioner: Mapped["Practitioner"] = relationship()
    room: Mapped[Optional["Room"]] = relationship()

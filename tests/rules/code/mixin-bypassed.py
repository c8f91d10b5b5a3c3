import uuid
from datetime import date, datetime, timezone
from typing import Annotated, Optional

from sqlalchemy import *
from sqlalchemy import DDL, event
from sqlalchemy.orm import *


class Base(DeclarativeBase):
    pass


# case: a key of its own
# expect: critical mixin-bypassed:visits.id:UUIDMixin
# success: mixin-bypassed Mixins
class UUIDMixin:
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
class Patient(UUIDMixin, Base):
    __tablename__ = "patients"
    name: Mapped[str]
class Visit(Base):
    __tablename__ = "visits"
    id: Mapped[int] = mapped_column(primary_key=True)

# case: a key under another name
# expect: critical mixin-bypassed:visits:UUIDMixin
# success: mixin-bypassed Mixins
class UUIDMixin:
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
class Patient(UUIDMixin, Base):
    __tablename__ = "patients"
    name: Mapped[str]
class Visit(Base):
    __tablename__ = "visits"
    visit_key: Mapped[int] = mapped_column(primary_key=True)

# case: a key from another mixin
# expect: critical mixin-bypassed:visits.id:UUIDMixin
# success: mixin-bypassed Mixins
class UUIDMixin:
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
class NumberMixin:
    id: Mapped[int] = mapped_column(primary_key=True)
class Patient(UUIDMixin, Base):
    __tablename__ = "patients"
    name: Mapped[str]
class Visit(NumberMixin, Base):
    __tablename__ = "visits"
    name: Mapped[str]

# case: derives and writes it all the same
# expect: critical mixin-bypassed:visits.id:UUIDMixin
# success: mixin-bypassed Mixins
class UUIDMixin:
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
class Patient(UUIDMixin, Base):
    __tablename__ = "patients"
    name: Mapped[str]
class Visit(UUIDMixin, Base):
    __tablename__ = "visits"
    id: Mapped[int] = mapped_column(primary_key=True)

# case: times of its own
# expect: critical mixin-bypassed:visits.created_at:TimestampMixin
# success: mixin-bypassed Mixins
class TimestampMixin:
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
class Patient(TimestampMixin, Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
class Visit(Base):
    __tablename__ = "visits"
    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())

# case: a clinical class without soft delete
# expect: critical mixin-bypassed:appointments:SoftDeleteMixin
# success: mixin-bypassed Mixins
class SoftDeleteMixin:
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
class Patient(SoftDeleteMixin, Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
class Appointment(Base):
    __tablename__ = "appointments"
    id: Mapped[int] = mapped_column(primary_key=True)

# case: soft delete of its own
# expect: critical mixin-bypassed:appointments.deleted_at:SoftDeleteMixin
# success: mixin-bypassed Mixins
class SoftDeleteMixin:
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
class Patient(SoftDeleteMixin, Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
class Appointment(Base):
    __tablename__ = "appointments"
    id: Mapped[int] = mapped_column(primary_key=True)
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

# case: another name in the standard
# standard: [models]
# standard: mixins = { soft_delete = "Retained" }
# expect: critical mixin-bypassed:appointments:Retained
# success: mixin-bypassed Mixins
class Retained:
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
class Patient(Retained, Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
class Appointment(Base):
    __tablename__ = "appointments"
    id: Mapped[int] = mapped_column(primary_key=True)

# case: all derive
# success: mixin-bypassed Mixins
class UUIDMixin:
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
class Patient(UUIDMixin, Base):
    __tablename__ = "patients"
    name: Mapped[str]
class Visit(UUIDMixin, Base):
    __tablename__ = "visits"
    name: Mapped[str]

# case: through another class
# success: mixin-bypassed Mixins
class UUIDMixin:
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
class Entity(UUIDMixin, Base):
    __abstract__ = True
class Patient(Entity):
    __tablename__ = "patients"
    name: Mapped[str]

# case: no such mixin
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
class Visit(Base):
    __tablename__ = "visits"
    id: Mapped[int] = mapped_column(primary_key=True)

# case: a join table has a key of two
# success: mixin-bypassed Mixins
class UUIDMixin:
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
class Patient(UUIDMixin, Base):
    __tablename__ = "patients"
    name: Mapped[str]
class Team(UUIDMixin, Base):
    __tablename__ = "teams"
    name: Mapped[str]
class TeamPatient(Base):
    __tablename__ = "team_patients"
    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), primary_key=True)
    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("teams.id"), primary_key=True)

# case: a key that is a foreign key
# success: mixin-bypassed Mixins
class UUIDMixin:
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
class Patient(UUIDMixin, Base):
    __tablename__ = "patients"
    name: Mapped[str]
class Chart(Base):
    __tablename__ = "charts"
    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), primary_key=True)

# case: an exception of the standard
# standard: [primary_key]
# standard: except = ["visits"]
# success: mixin-bypassed Mixins
class UUIDMixin:
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
class Patient(UUIDMixin, Base):
    __tablename__ = "patients"
    name: Mapped[str]
class Visit(Base):
    __tablename__ = "visits"
    id: Mapped[int] = mapped_column(primary_key=True)

# case: soft delete is not mandated there
# standard: [classes]
# standard: reference = ["countries"]
# success: mixin-bypassed Mixins
class SoftDeleteMixin:
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
class Patient(SoftDeleteMixin, Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
class Country(Base):
    __tablename__ = "countries"
    id: Mapped[int] = mapped_column(primary_key=True)

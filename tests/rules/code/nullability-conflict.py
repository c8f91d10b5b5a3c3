import uuid
from datetime import date, datetime, timezone
from typing import Annotated, Optional

from sqlalchemy import *
from sqlalchemy import DDL, event
from sqlalchemy.orm import *


class Base(DeclarativeBase):
    pass


# case: never None, takes NULL
# expect: warning nullability-conflict:patients.phone
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str] = mapped_column(nullable=True)

# case: may be None, NOT NULL
# expect: warning nullability-conflict:patients.phone
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str | None] = mapped_column(nullable=False)

# case: Optional, NOT NULL
# expect: warning nullability-conflict:patients.phone
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[Optional[str]] = mapped_column(String(20), nullable=False)

# case: the column has another name
# expect: warning nullability-conflict:patients.phone_number
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str] = mapped_column("phone_number", nullable=True)

# case: a mixin is told once
# expect: warning nullability-conflict:Noted.note
class Noted:
    note: Mapped[str] = mapped_column(Text, nullable=True)
class Patient(Noted, Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
class Visit(Noted, Base):
    __tablename__ = "visits"
    id: Mapped[int] = mapped_column(primary_key=True)

# case: a foreign key
# expect: warning nullability-conflict:visits.patient_id
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
class Visit(Base):
    __tablename__ = "visits"
    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"), nullable=True)

# case: they agree on NULL
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str | None] = mapped_column(nullable=True)

# case: they agree on NOT NULL
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str] = mapped_column(nullable=False)

# case: no argument
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str | None] = mapped_column(String)

# case: no annotation
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    phone = mapped_column(String, nullable=True)

# case: a relationship that may be None
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    visit: Mapped["Visit | None"] = relationship()
class Visit(Base):
    __tablename__ = "visits"
    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))

# case: a key
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)

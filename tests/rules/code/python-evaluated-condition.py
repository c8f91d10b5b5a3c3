import uuid
from datetime import date, datetime, timezone
from typing import Annotated, Optional

from sqlalchemy import *
from sqlalchemy import DDL, event
from sqlalchemy.orm import *


class Base(DeclarativeBase):
    pass


# case: is None
# expect: critical python-evaluated-condition:patients
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column()
    removed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    __table_args__ = (Index("patients_name", "name", unique=True, postgresql_where=(removed_at is None)),)

# case: is not None
# expect: critical python-evaluated-condition:patients
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column()
    removed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    __table_args__ = (Index("patients_name", "name", unique=True, postgresql_where=(removed_at is not None)),)

# case: a constant
# expect: critical python-evaluated-condition:patients
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column()
    removed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    __table_args__ = (Index("patients_name", "name", unique=True, postgresql_where=False),)

# case: an index after the class
# expect: critical python-evaluated-condition:patients
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column()
    removed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
Index("patients_name", Patient.name, postgresql_where=Patient.removed_at is None)

# case: two in one class
# expect: critical python-evaluated-condition:patients
# expect: critical python-evaluated-condition:patients#2
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column()
    removed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    __table_args__ = (
        Index("a", "name", postgresql_where=(removed_at is None)),
        Index("b", "name", postgresql_where=(removed_at is not None)),
    )

# case: is_
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column()
    removed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    __table_args__ = (Index("patients_name", "name", unique=True, postgresql_where=removed_at.is_(None)),)

# case: is_not
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column()
    removed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    __table_args__ = (Index("patients_name", "name", unique=True, postgresql_where=removed_at.is_not(None)),)

# case: a comparison with None
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column()
    removed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    __table_args__ = (Index("patients_name", "name", unique=True, postgresql_where=(removed_at == None)),)

# case: text
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column()
    removed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    __table_args__ = (Index("patients_name", "name", unique=True, postgresql_where=text("removed_at IS NULL")),)

# case: inverted
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column()
    gone: Mapped[bool] = mapped_column()
    __table_args__ = (Index("patients_name", "name", unique=True, postgresql_where=~gone),)

# case: no condition
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column()
    removed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    __table_args__ = (Index("patients_name", "name"),)

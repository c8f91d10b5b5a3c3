import uuid
from datetime import date, datetime, timezone
from typing import Annotated, Optional

from sqlalchemy import *
from sqlalchemy import DDL, event
from sqlalchemy.orm import *


class Base(DeclarativeBase):
    pass


# case: a mapped_column without annotation
# expect: warning untyped-attribute:patients
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name = mapped_column(String)

# case: a relationship without annotation
# expect: warning untyped-attribute:patients
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    visits = relationship("Visit")
class Visit(Base):
    __tablename__ = "visits"
    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))

# case: both in one class are one finding
# expect: warning untyped-attribute:patients
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name = mapped_column(String)
    visits = relationship("Visit")
class Visit(Base):
    __tablename__ = "visits"
    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))

# case: a mixin is told once
# expect: warning untyped-attribute:Noted
class Noted:
    note = mapped_column(Text)
class Patient(Noted, Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
class Visit(Noted, Base):
    __tablename__ = "visits"
    id: Mapped[int] = mapped_column(primary_key=True)

# case: one of eleven is still nearly all
# expect: warning untyped-attribute:patients
# success: untyped-attribute Typing
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    c0: Mapped[str]
    c1: Mapped[str]
    c2: Mapped[str]
    c3: Mapped[str]
    c4: Mapped[str]
    c5: Mapped[str]
    c6: Mapped[str]
    c7: Mapped[str]
    c8: Mapped[str]
    name = mapped_column(String)

# case: a key without annotation
# expect: warning untyped-attribute:patients
class Patient(Base):
    __tablename__ = "patients"
    id = mapped_column(Integer, primary_key=True)

# case: all annotated
# success: untyped-attribute Typing
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String)

# case: an optional
# success: untyped-attribute Typing
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[Optional[str]]

# case: a typed relationship
# success: untyped-attribute Typing
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    visits: Mapped[list["Visit"]] = relationship()
class Visit(Base):
    __tablename__ = "visits"
    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))

# case: an annotated type
# success: untyped-attribute Typing
short = Annotated[str, mapped_column(String(20))]
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[short]

# case: a property is no attribute of the table
# success: untyped-attribute Typing
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    @property
    def label(self): return "x"

# case: no models at all
x = 1
# file: schema.sql
CREATE TABLE t (id int PRIMARY KEY);

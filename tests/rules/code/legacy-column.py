import uuid
from datetime import date, datetime, timezone
from typing import Annotated, Optional

from sqlalchemy import *
from sqlalchemy import DDL, event
from sqlalchemy.orm import *


class Base(DeclarativeBase):
    pass


# case: a column of the old kind
# expect: warning legacy-column:patients
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name = Column(String)

# case: an annotated column of the old kind
# expect: warning legacy-column:patients
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = Column(String)

# case: several in one class are one finding
# expect: warning legacy-column:patients
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name = Column(String)
    born = Column(Date)
    mrn = Column(String)
    note = Column(Text)

# case: two classes are two findings
# expect: warning legacy-column:patients
# expect: warning legacy-column:visits
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name = Column(String)
class Visit(Base):
    __tablename__ = "visits"
    id: Mapped[int] = mapped_column(primary_key=True)
    at = Column(Date)

# case: a mixin of the old kind is told once
# expect: warning legacy-column:Noted
class Noted:
    note = Column(Text)
class Patient(Noted, Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
class Visit(Noted, Base):
    __tablename__ = "visits"
    id: Mapped[int] = mapped_column(primary_key=True)

# case: the name of a column within
# expect: warning legacy-column:patients
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name = Column("full_name", String)

# case: behind deferred
# expect: warning legacy-column:patients
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    chart: Mapped[str] = deferred(Column(Text))

# case: mapped_column throughout
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String)

# case: an annotation alone
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]

# case: an association table
links = Table("links", Base.metadata, Column("a_id", Integer), Column("b_id", Integer))
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]

# case: a mapped_column without annotation is another matter
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name = mapped_column(String)

# case: a relationship
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    visits: Mapped[list["Visit"]] = relationship()
class Visit(Base):
    __tablename__ = "visits"
    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))

# case: deferred around mapped_column
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    chart: Mapped[str] = deferred(mapped_column(Text))

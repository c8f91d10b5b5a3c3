import uuid
from datetime import date, datetime, timezone
from typing import Annotated, Optional

from sqlalchemy import *
from sqlalchemy import DDL, event
from sqlalchemy.orm import *


class Base(DeclarativeBase):
    pass


# case: an annotation alone comes to a naive time
# expect: warning naive-datetime:patients.seen_at
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]

# case: DateTime without argument
# expect: warning naive-datetime:patients.seen_at
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(DateTime)

# case: DateTime called without argument
# expect: warning naive-datetime:patients.seen_at
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(DateTime())

# case: timezone=False
# expect: warning naive-datetime:patients.seen_at
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=False))

# case: utcnow into a column with zone
# expect: warning naive-datetime:patients.seen_at
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=datetime.utcnow)

# case: both
# expect: warning naive-datetime:patients.seen_at
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(DateTime, default=datetime.utcnow)

# case: TIMESTAMP
# expect: warning naive-datetime:patients.seen_at
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(TIMESTAMP)

# case: an optional
# expect: warning naive-datetime:patients.seen_at
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime | None]

# case: a mixin is told once
# expect: warning naive-datetime:Timed.made_at
class Timed:
    made_at: Mapped[datetime]
class Patient(Timed, Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
class Visit(Timed, Base):
    __tablename__ = "visits"
    id: Mapped[int] = mapped_column(primary_key=True)

# case: with time zone
# success: naive-datetime Times
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

# case: TIMESTAMP with time zone
# success: naive-datetime Times
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True))

# case: a date is no point in time
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    born: Mapped[date]

# case: the map of a base
# success: naive-datetime Times
class Zoned(DeclarativeBase):
    type_annotation_map = {datetime: DateTime(timezone=True)}
class Patient(Zoned):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]

# case: a local time with zone as default
# success: naive-datetime Times
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=lambda: datetime.now(timezone.utc))

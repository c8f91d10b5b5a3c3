import uuid

from sqlalchemy import *
from sqlalchemy.orm import *
from ulid import ULID


class Base(DeclarativeBase):
    pass


# case: a class fills in random UUIDs
# expect: critical primary-key-kind:visits.id
class Visit(Base):
    __tablename__ = "visits"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)

# case: a class fills in time-based UUIDs
# expect: critical primary-key-kind:visits.id
class Visit(Base):
    __tablename__ = "visits"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid1)

# case: a function that is not known
# undecided: primary-key-kind visits.id
class Visit(Base):
    __tablename__ = "visits"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=make_key)
# settles: met
# standard: [primary_key]
# standard: generators = ["make_key"]
# settles: critical primary-key-kind:visits.id
# file: database.sql
CREATE TABLE visits (id uuid DEFAULT gen_random_uuid() NOT NULL, CONSTRAINT visits_pkey PRIMARY KEY (id));

# case: no key of the class fits an integer
# expect: critical primary-key-kind:visits.id
class Visit(Base):
    __tablename__ = "visits"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=snowflake)

# case: a class fills in ULIDs
class Visit(Base):
    __tablename__ = "visits"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=lambda: ULID().to_uuid())

# case: the standard names the function
# standard: [primary_key]
# standard: generators = ["make_key"]
class Visit(Base):
    __tablename__ = "visits"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=make_key)

# case: the server's default counts
# expect: critical primary-key-kind:visits.id
class Visit(Base):
    __tablename__ = "visits"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=lambda: ULID().to_uuid(), server_default=text("gen_random_uuid()"))

# case: the standard takes any key
# standard: [primary_key]
# standard: kind = "any"
class Visit(Base):
    __tablename__ = "visits"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)

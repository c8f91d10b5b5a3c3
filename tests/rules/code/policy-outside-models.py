import uuid
from datetime import date, datetime, timezone
from typing import Annotated, Optional

from sqlalchemy import *
from sqlalchemy import DDL, event
from sqlalchemy.orm import *


class Base(DeclarativeBase):
    pass


# case: row security in SQL only
# expect: info policy-outside-models:patients
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
# file: migrations/0001_patients.sql
CREATE TABLE patients (id serial PRIMARY KEY);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;

# case: a policy in SQL only
# expect: info policy-outside-models:patients
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
# file: migrations/0001_patients.sql
CREATE TABLE patients (id serial PRIMARY KEY);
CREATE POLICY own ON patients USING (id = 1);

# case: a trigger in SQL only
# expect: info policy-outside-models:patients
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
# file: migrations/0001_patients.sql
CREATE TABLE patients (id serial PRIMARY KEY);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER t BEFORE UPDATE ON patients FOR EACH ROW EXECUTE FUNCTION f();

# case: all of them are one finding
# expect: info policy-outside-models:patients
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
# file: migrations/0001_patients.sql
CREATE TABLE patients (id serial PRIMARY KEY);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON patients USING (id = 1);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER t BEFORE UPDATE ON patients FOR EACH ROW EXECUTE FUNCTION f();

# case: the models know a part
# expect: info policy-outside-models:patients
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
event.listen(Patient.__table__, "after_create", DDL("ALTER TABLE patients ENABLE ROW LEVEL SECURITY"))
# file: migrations/0001_patients.sql
CREATE TABLE patients (id serial PRIMARY KEY);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON patients USING (id = 1);

# case: the models know all
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
event.listen(Patient.__table__, "after_create", DDL("ALTER TABLE patients ENABLE ROW LEVEL SECURITY"))
event.listen(Patient.__table__, "after_create", DDL("CREATE POLICY own ON patients USING (id = 1)"))
# file: migrations/0001_patients.sql
CREATE TABLE patients (id serial PRIMARY KEY);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON patients USING (id = 1);

# case: nothing to know
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
# file: migrations/0001_patients.sql
CREATE TABLE patients (id serial PRIMARY KEY);

# case: no migrations
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)

# case: a table without a class
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
# file: migrations/0001_patients.sql
CREATE TABLE patients (id serial PRIMARY KEY);
CREATE TABLE logs (id serial PRIMARY KEY);
ALTER TABLE logs ENABLE ROW LEVEL SECURITY;

# case: switched off again
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
# file: migrations/0001_patients.sql
CREATE TABLE patients (id serial PRIMARY KEY);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
ALTER TABLE patients DISABLE ROW LEVEL SECURITY;

import uuid
from datetime import date, datetime, timezone
from typing import Annotated, Optional

from sqlalchemy import *
from sqlalchemy import DDL, event
from sqlalchemy.orm import *


class Base(DeclarativeBase):
    pass


# case: member and membership
# expect: warning class-table-name-mismatch:organization_memberships
class OrganizationMember(Base):
    __tablename__ = "organization_memberships"
    id: Mapped[int] = mapped_column(primary_key=True)

# case: another thing
# expect: warning class-table-name-mismatch:persons
class Patient(Base):
    __tablename__ = "persons"
    id: Mapped[int] = mapped_column(primary_key=True)

# case: a word is missing
# expect: warning class-table-name-mismatch:visits
class PatientVisit(Base):
    __tablename__ = "visits"
    id: Mapped[int] = mapped_column(primary_key=True)

# case: a word too many
# expect: warning class-table-name-mismatch:patient_visits
class Visit(Base):
    __tablename__ = "patient_visits"
    id: Mapped[int] = mapped_column(primary_key=True)

# case: words in another order
# expect: warning class-table-name-mismatch:plans_care
class CarePlan(Base):
    __tablename__ = "plans_care"
    id: Mapped[int] = mapped_column(primary_key=True)

# case: an abbreviation
# expect: warning class-table-name-mismatch:organizations
class Org(Base):
    __tablename__ = "organizations"
    id: Mapped[int] = mapped_column(primary_key=True)

# case: plural
class BillingTransaction(Base):
    __tablename__ = "billing_transactions"
    id: Mapped[int] = mapped_column(primary_key=True)

# case: singular
class Patient(Base):
    __tablename__ = "patient"
    id: Mapped[int] = mapped_column(primary_key=True)

# case: an irregular plural
class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)

# case: y becomes ies
class Allergy(Base):
    __tablename__ = "allergies"
    id: Mapped[int] = mapped_column(primary_key=True)

# case: an ending of classes
class PatientModel(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)

# case: another ending of classes
class PatientORM(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)

# case: the prefix of all tables
class Patient(Base):
    __tablename__ = "clinic_patients"
    id: Mapped[int] = mapped_column(primary_key=True)
class Visit(Base):
    __tablename__ = "clinic_visits"
    id: Mapped[int] = mapped_column(primary_key=True)
class Note(Base):
    __tablename__ = "clinic_notes"
    id: Mapped[int] = mapped_column(primary_key=True)

# case: no underscore
class CareTeam(Base):
    __tablename__ = "careteams"
    id: Mapped[int] = mapped_column(primary_key=True)

# case: a capitalised run
class HTTPRequest(Base):
    __tablename__ = "http_requests"
    id: Mapped[int] = mapped_column(primary_key=True)

# case: a class in the table of its parent
class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    __mapper_args__ = {"polymorphic_on": "kind"}
class Doctor(Person):
    __mapper_args__ = {"polymorphic_identity": "doctor"}

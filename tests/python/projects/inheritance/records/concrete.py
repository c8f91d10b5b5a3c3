from datetime import date

from sqlalchemy import String, Text
from sqlalchemy.ext.declarative import AbstractConcreteBase, ConcreteBase
from sqlalchemy.orm import Mapped, mapped_column

from records.base import Base


class Observation(ConcreteBase, Base):
    __tablename__ = "observation"
    __mapper_args__ = {"polymorphic_identity": "observation", "concrete": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    seen_on: Mapped[date]
    note: Mapped[str | None] = mapped_column(Text)


class VitalSign(Observation):
    __tablename__ = "vital_sign"
    __mapper_args__ = {"polymorphic_identity": "vital_sign", "concrete": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    seen_on: Mapped[date] = mapped_column(index=True)
    systolic: Mapped[int]
    diastolic: Mapped[int]


class Contact(AbstractConcreteBase, Base):
    strict_attrs = True
    name = mapped_column(String(50))


class Relative(Contact):
    __tablename__ = "relative"
    id: Mapped[int] = mapped_column(primary_key=True)
    relation: Mapped[str] = mapped_column(String(20))
    __mapper_args__ = {"polymorphic_identity": "relative", "concrete": True}


class Guardian(Contact):
    __tablename__ = "guardian"
    id: Mapped[int] = mapped_column(primary_key=True)
    court: Mapped[str | None]
    __mapper_args__ = {"polymorphic_identity": "guardian", "concrete": True}

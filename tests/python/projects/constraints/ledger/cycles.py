"""Tables that refer to each other, so that a foreign key has to come after both."""
from typing import Optional

from sqlalchemy import ForeignKey, ForeignKeyConstraint, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    metadata = MetaData(schema="clinical")


class Ward(Base):
    __tablename__ = "ward"
    id: Mapped[int] = mapped_column(primary_key=True)
    head_id: Mapped[Optional[int]] = mapped_column(
        ForeignKey("clinical.nurse.id", use_alter=True, name="fk_ward_head", ondelete="SET NULL")
    )


class Nurse(Base):
    __tablename__ = "nurse"
    id: Mapped[int] = mapped_column(primary_key=True)
    ward_id: Mapped[int] = mapped_column(ForeignKey(Ward.id))


class Left(Base):
    __tablename__ = "left_side"
    id: Mapped[int] = mapped_column(primary_key=True)
    right_id: Mapped[int] = mapped_column()
    __table_args__ = (ForeignKeyConstraint(["right_id"], ["clinical.right_side.id"], name="fk_left_right"),)


class Right(Base):
    __tablename__ = "right_side"
    id: Mapped[int] = mapped_column(primary_key=True)
    left_id: Mapped[int] = mapped_column(ForeignKey("clinical.left_side.id", name="fk_right_left", initially="DEFERRED", deferrable=True))


class Shared(Base):
    __tablename__ = "country"
    __table_args__ = {"schema": "public"}
    code: Mapped[str] = mapped_column(primary_key=True)


class Uses(Base):
    __tablename__ = "uses"
    id: Mapped[int] = mapped_column(primary_key=True)
    country_code: Mapped[str] = mapped_column(ForeignKey("public.country.code"))

"""Classes that no class statement makes: what is declared for a mapped class makes its companions."""

from sqlalchemy import Boolean, ForeignKey, Index, String
from sqlalchemy.ext.declarative import AbstractConcreteBase
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Happening:
    id: Mapped[int] = mapped_column(primary_key=True)
    verb: Mapped[str] = mapped_column(String(20), index=True)


class Remark(AbstractConcreteBase, Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]


class HasHistory:
    @declared_attr
    def history(cls):
        name = cls.__name__.lower()
        cls.Happening = type(
            f"{cls.__name__}Happening",
            (Happening, Base),
            {
                "__tablename__": f"{name}_history",
                "__table_args__": (Index(f"ix_{name}_history_subject", "subject_id"), {"comment": f"of {name}"}),
                "subject_id": mapped_column(ForeignKey(f"{cls.__tablename__}.id", ondelete="CASCADE"), nullable=False),
                "subject": relationship(cls, back_populates="history"),
            },
        )
        return relationship(cls.Happening, back_populates="subject")

    @declared_attr
    def remarks(cls):
        cls.Remark = type(
            f"{cls.__name__}Remark",
            (Remark, Base),
            {
                "__tablename__": f"{cls.__name__.lower()}_remarks",
                "__mapper_args__": {"polymorphic_identity": cls.__name__.lower(), "concrete": True},
                "subject_id": mapped_column(ForeignKey(f"{cls.__tablename__}.id"), index=True),
                "answered": mapped_column(Boolean, nullable=False, server_default="false"),
            },
        )
        return relationship(cls.Remark)


class Ward(HasHistory, Base):
    __tablename__ = "wards"
    id: Mapped[int] = mapped_column(primary_key=True)


class Bed(HasHistory, Base):
    __tablename__ = "beds"
    id: Mapped[int] = mapped_column(primary_key=True)
    ward_id: Mapped[int] = mapped_column(ForeignKey("wards.id"))

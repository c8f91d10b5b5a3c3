from sqlalchemy import Index, Integer, Numeric, func, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base
from core.db.mixins import Coded, Timestamps


class IntKeyBase(Base):
    __abstract__ = True
    __table_args__ = {"info": {"reviewed": True}}

    id: Mapped[int] = mapped_column(Integer, primary_key=True)


class ServiceItem(Coded, IntKeyBase):
    CODE_LENGTH = 12
    name: Mapped[str]
    price: Mapped[float] = mapped_column(Numeric(8, 2), index=True)


class Specialty(Coded, Timestamps, IntKeyBase):
    __table_args__ = (Index("specialties_name_lower_idx", func.lower(text("name"))), IntKeyBase.__table_args__)

    name: Mapped[str]


class TaxBox(IntKeyBase):
    __tablename__ = "tax"
    rate: Mapped[float] = mapped_column("percentage", Numeric(4, 1), nullable=False)

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from records.base import Base


class Payment(Base):
    __tablename__ = "payment"
    __table_args__ = (CheckConstraint("amount > 0", name="payment_amount"),)
    __mapper_args__ = {"polymorphic_on": "method", "polymorphic_identity": "other"}

    id: Mapped[int] = mapped_column(primary_key=True)
    method: Mapped[str] = mapped_column(String(10))
    amount: Mapped[Decimal] = mapped_column(Numeric(10, 2))


class CardPayment(Payment):
    __mapper_args__ = {"polymorphic_identity": "card"}

    last_four: Mapped[str] = mapped_column(String(4), nullable=True)
    authorised_by: Mapped[str] = mapped_column(nullable=True, use_existing_column=True)


class CashPayment(Payment):
    __mapper_args__ = {"polymorphic_identity": "cash"}

    drawer: Mapped[int] = mapped_column(nullable=True, index=True)
    authorised_by: Mapped[str] = mapped_column(nullable=True, use_existing_column=True)


class HasDocument:
    @declared_attr
    def document_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("document.id"), nullable=True, use_existing_column=True)


class VoucherPayment(HasDocument, Payment):
    __mapper_args__ = {"polymorphic_identity": "voucher"}


class InsurerPayment(HasDocument, Payment):
    __mapper_args__ = {"polymorphic_identity": "insurer"}

import uuid
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Numeric, PrimaryKeyConstraint, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic import settings
from clinic.db import AuditedMixin, Base, UUIDMixin


class Invoice(UUIDMixin, AuditedMixin, Base):
    __tablename__ = "invoices"

    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    number: Mapped[int] = mapped_column(Identity(start=1000), unique=True)
    currency: Mapped[str] = mapped_column(String(3), server_default=settings.DEFAULT_CURRENCY)
    total: Mapped[Decimal] = mapped_column(server_default="0")


class InvoiceLine(Base):
    __tablename__ = "invoice_lines"
    __table_args__ = (PrimaryKeyConstraint("invoice_id", "position"), CheckConstraint("quantity > 0", name="quantity"))

    invoice_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Invoice.id, ondelete="CASCADE"))
    position: Mapped[int]
    text: Mapped[str]
    quantity: Mapped[int] = mapped_column(default=1)
    unit_price: Mapped[Decimal]


class Payment(UUIDMixin, AuditedMixin, Base):
    __tablename__ = "payments"

    invoice_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("invoices.id"))
    amount: Mapped[Decimal] = mapped_column(Numeric(12, 2), CheckConstraint("amount <> 0", name="amount"))
    method: Mapped[str] = mapped_column(String(20))

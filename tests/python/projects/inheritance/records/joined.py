from datetime import datetime
from typing import Optional

from sqlalchemy import ForeignKey, String, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Entity


class Document(Entity):
    __tablename__ = "document"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), nullable=False)
    title: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __mapper_args__ = {"polymorphic_identity": "document", "polymorphic_on": "kind"}


class Referral(Document):
    __tablename__ = "referral"

    id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), primary_key=True)
    addressed_to: Mapped[str] = mapped_column(String(120))
    urgent: Mapped[bool]

    __mapper_args__ = {"polymorphic_identity": "referral"}


class Prescription(Document):
    __tablename__ = "prescription"
    __mapper_args__ = {"polymorphic_identity": "prescription"}

    document_id: Mapped[int] = mapped_column(ForeignKey(Document.id), primary_key=True)
    drug: Mapped[str]
    repeats: Mapped[int] = mapped_column(default=0)


class ControlledPrescription(Prescription):
    """Lives in the table of its parent."""

    __mapper_args__ = {"polymorphic_identity": "controlled"}

    witness: Mapped[Optional[str]] = mapped_column(String(80))


class EPrescription(Prescription):
    __tablename__ = "e_prescription"
    __mapper_args__ = {"polymorphic_identity": "electronic"}

    id: Mapped[int] = mapped_column(ForeignKey("prescription.document_id"), primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)

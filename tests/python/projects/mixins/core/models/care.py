import enum
import uuid

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from ..db import AuditMixin, Base, SoftDelete, TenantScoped, UuidKey


class ClinicalRecord(UuidKey, TenantScoped, AuditMixin, SoftDelete, Base):
    """What everything in a chart has."""

    __abstract__ = True

    patient_reference: Mapped[str] = mapped_column(index=True)


class PlanStatus(str, enum.Enum):
    draft = "draft"
    active = "active"
    closed = "closed"


class CarePlan(ClinicalRecord):
    title: Mapped[str]
    status: Mapped[PlanStatus] = mapped_column(
        Enum(PlanStatus, name="plan_status", values_callable=lambda e: [m.value for m in e]),
        server_default=PlanStatus.draft.value,
    )

    @declared_attr.directive
    def __table_args__(cls):
        return super().__table_args__ + (
            Index("care_plans_active_idx", "tenant_id", "status", postgresql_where=text("status = 'active'")),
            CheckConstraint("char_length(title) BETWEEN 3 AND 200", name="title"),
            {"comment": "What was agreed with the patient"},
        )


class Goal(ClinicalRecord):
    __table_args__ = (CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),)

    care_plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("care_plans.id", ondelete="CASCADE"))
    description: Mapped[str] = mapped_column(Text)
    progress: Mapped[int] = mapped_column(SmallInteger, server_default="0")


class MedicationReview(ClinicalRecord):
    """Keeps the index of its mixins."""

    outcome: Mapped[str | None]


class Allergy(UuidKey, TenantScoped, Base):
    __tablename__ = "allergies_and_intolerances"

    substance: Mapped[str] = mapped_column(unique=True)

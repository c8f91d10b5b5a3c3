import uuid
from datetime import datetime
from typing import Optional

from sqlalchemy import ForeignKey, func, text
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from ulid import ULID


def new_ulid() -> uuid.UUID:
    return ULID().to_uuid()


class UUIDMixin:
    """A key that sorts by time."""

    id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), primary_key=True, default=new_ulid)


class TimestampMixin:
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), nullable=False)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now(), nullable=False)


class SoftDeleteMixin:
    deleted_at: Mapped[Optional[datetime]] = mapped_column(default=None)
    deleted_by: Mapped[Optional[uuid.UUID]] = mapped_column(UUID(as_uuid=True))


def tenant_fk(**options):
    return mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), nullable=False, index=True, **options)


class AuditedMixin(TimestampMixin):
    __audited__ = True

    @declared_attr
    def organisation_id(cls) -> Mapped[uuid.UUID]:
        return tenant_fk()

    @declared_attr
    def created_by(cls) -> Mapped[Optional[uuid.UUID]]:
        return mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

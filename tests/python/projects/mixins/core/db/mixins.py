from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Optional

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, String, Uuid, func, text
from sqlalchemy.orm import Mapped, declarative_mixin, declared_attr, mapped_column, relationship

if TYPE_CHECKING:
    from core.models.people import User


class UuidKey:
    id: Mapped[uuid.UUID] = mapped_column(
        Uuid, primary_key=True, default=uuid.uuid4, server_default=func.gen_random_uuid(), sort_order=-10
    )


class Timestamps:
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), sort_order=90
    )
    updated_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True),
        server_default=func.now(),
        onupdate=func.now(),
        server_onupdate=func.now(),
        sort_order=91,
    )


@declarative_mixin
class SoftDelete:
    deleted_at: Mapped[Optional[datetime]] = mapped_column(DateTime(timezone=True), sort_order=95)

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None

    @declared_attr.directive
    def __table_args__(cls):
        return (
            Index(f"{cls.__tablename__}_alive_idx", "id", postgresql_where=text("deleted_at IS NULL")),
        )


class TenantScoped:
    @declared_attr
    def tenant_id(cls) -> Mapped[uuid.UUID]:
        return mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), index=True)


class Auditable(Timestamps):
    @declared_attr
    def created_by_id(cls) -> Mapped[Optional[uuid.UUID]]:
        return mapped_column(ForeignKey("users.id", name=f"{cls.__tablename__}_creator_fkey", use_alter=True))

    @declared_attr
    def created_by(cls) -> Mapped[Optional[User]]:
        return relationship("User", foreign_keys=[cls.created_by_id])

    version: Mapped[int] = mapped_column(server_default=text("1"), sort_order=99)

    @declared_attr.directive
    def __mapper_args__(cls):
        return {"version_id_col": cls.version, "eager_defaults": True}


class Coded:
    """A short code, as long as the class says."""

    CODE_LENGTH = 8

    @declared_attr
    def code(cls) -> Mapped[str]:
        return mapped_column(String(cls.CODE_LENGTH), unique=True)

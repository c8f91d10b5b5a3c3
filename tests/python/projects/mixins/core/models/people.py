from typing import Any

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core import db
from core.db import AuditMixin, SoftDelete, TenantScoped, UuidKey


class Tenant(UuidKey, db.Timestamps, db.Base):
    name: Mapped[str] = mapped_column(String(120))
    region: Mapped[str] = mapped_column(String(2), server_default="EU")
    features: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")

    __table_args__ = {"comment": "A practice that pays"}


class User(UuidKey, TenantScoped, AuditMixin, SoftDelete, db.Base):
    email: Mapped[str] = mapped_column(String(254))
    full_name: Mapped[str]

    __table_args__ = (
        UniqueConstraint("tenant_id", "email"),
        CheckConstraint("position('@' in email) > 1", name="email"),
    )

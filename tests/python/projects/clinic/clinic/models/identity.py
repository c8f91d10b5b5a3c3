from __future__ import annotations

import enum
import uuid
from typing import Any, Optional

from sqlalchemy import Boolean, CheckConstraint, Column, Enum, ForeignKey, Index, String, Table, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic.db import Base, SoftDeleteMixin, TimestampMixin, UUIDMixin

user_roles = Table(
    "user_roles",
    Base.metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("roles.id", ondelete="CASCADE"), primary_key=True),
)


class Organisation(UUIDMixin, TimestampMixin, SoftDeleteMixin, Base):
    __tablename__ = "organisations"

    name: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(63), unique=True)
    settings: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))

    users: Mapped[list[User]] = relationship(secondary="memberships", viewonly=True)


class User(UUIDMixin, TimestampMixin, SoftDeleteMixin, Base):
    __tablename__ = "users"
    __table_args__ = (
        Index("uq_users_email_alive", func.lower(text("email")), unique=True, postgresql_where=text("deleted_at IS NULL")),
    )

    email: Mapped[str] = mapped_column(String(320))
    password_hash: Mapped[Optional[str]]
    is_staff: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    roles: Mapped[list[Role]] = relationship(secondary=user_roles, back_populates="users")


class Role(Base):
    __tablename__ = "roles"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    users: Mapped[list[User]] = relationship(secondary=user_roles, back_populates="roles")


class MembershipKind(str, enum.Enum):
    OWNER = "owner"
    CLINICIAN = "clinician"
    FRONT_DESK = "front_desk"


class Membership(TimestampMixin, Base):
    __tablename__ = "memberships"

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Organisation.id, ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), primary_key=True)
    kind: Mapped[MembershipKind] = mapped_column(
        Enum(MembershipKind, name="membership_kind", values_callable=lambda x: [e.value for e in x])
    )

import uuid
from datetime import date, datetime, timezone
from decimal import Decimal
from enum import Enum
from typing import Any, List, Optional

from pydantic import EmailStr
from sqlalchemy import JSON, Column, DateTime, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, Relationship, SQLModel


def get_datetime_utc() -> datetime:
    return datetime.now(timezone.utc)


class Channel(str, Enum):
    email = "email"
    sms = "sms"
    letter = "letter"


class UserBase(SQLModel):
    email: str = Field(unique=True, index=True, max_length=255)
    is_active: bool = True
    is_superuser: bool = False
    full_name: str | None = Field(default=None, max_length=255)


class UserCreate(UserBase):
    password: str = Field(min_length=8, max_length=40)


class User(UserBase, table=True):
    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    hashed_password: str
    created_at: datetime | None = Field(
        default_factory=get_datetime_utc,
        sa_type=DateTime(timezone=True),
    )
    messages: list["Message"] = Relationship(back_populates="owner", cascade_delete=True)


class UserPublic(UserBase):
    id: uuid.UUID


class CareTeamMember(SQLModel, table=True):
    __tablename__ = "care_team_member"

    team_id: Optional[int] = Field(default=None, foreign_key="careteam.id", primary_key=True)
    user_id: Optional[uuid.UUID] = Field(default=None, foreign_key="user.id", primary_key=True)
    since: date = Field(default_factory=date.today)


class CareTeam(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    name: str = Field(index=True)
    headcount: int = Field(default=0, ge=0)
    members: List[User] = Relationship(link_model=CareTeamMember)


class MessageBase(SQLModel):
    subject: str = Field(min_length=1, max_length=255)
    body: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    channel: Channel = Channel.email


class Message(MessageBase, table=True):
    __table_args__ = (UniqueConstraint("owner_id", "subject", name="uq_message_subject"),)

    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    owner_id: uuid.UUID = Field(foreign_key="user.id", nullable=False, ondelete="CASCADE")
    meta: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False, server_default="{}"))
    sent_at: Optional[datetime] = None
    cost: Decimal = Field(default=0, max_digits=8, decimal_places=3)
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    rating: Optional[float] = Field(default=None, index=True)
    created_at: datetime = Field(
        sa_column=Column(DateTime(timezone=True), server_default=func.now(), nullable=False)
    )
    owner: User | None = Relationship(back_populates="messages")

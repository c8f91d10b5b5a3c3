from datetime import datetime, timezone
from typing import Annotated
from uuid import UUID, uuid4

from sqlalchemy import DateTime, MetaData, String, func
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, mapped_column, registry

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMING)

ndc_code = Annotated[str, mapped_column(String(11))]
created = Annotated[
    datetime, mapped_column(DateTime(timezone=True), server_default=func.now(), init=False)
]


def utcnow() -> datetime:
    return datetime.now(timezone.utc)


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """All rows of the pharmacy are dataclasses."""

    metadata = metadata
    registry = registry(type_annotation_map={datetime: DateTime(timezone=True), str: String(200)})


new_id = uuid4

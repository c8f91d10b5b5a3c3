"""Columns whose type the annotation says."""
import datetime
import decimal
import uuid
from typing import Annotated, Any, Dict, List, Literal, NewType, Optional, Union

from sqlalchemy import BigInteger, DateTime, Identity, Integer, JSON, Numeric, SmallInteger, String, Text, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, deferred, mapped_column

int_pk = Annotated[int, mapped_column(Integer, primary_key=True)]
short = Annotated[str, 30]
code = Annotated[str, mapped_column(String(8), unique=True)]
created = Annotated[datetime.datetime, mapped_column(server_default=func.CURRENT_TIMESTAMP())]
optional_note = Annotated[Optional[str], mapped_column(Text)]
Mrn = NewType("Mrn", str)
Status = Literal["new", "done", "failed"]


class Base(DeclarativeBase):
    type_annotation_map = {
        int: BigInteger,
        short: String(30),
        datetime.datetime: DateTime(timezone=True),
        Dict[str, Any]: JSONB,
        List[str]: ARRAY(Text),
        Mrn: String(24),
        decimal.Decimal: Numeric(14, 4),
    }


class Annotations(Base):
    __tablename__ = "annotations"

    id: Mapped[int_pk]
    whole: Mapped[int]
    perhaps: Mapped[Optional[int]]
    either: Mapped[Union[int, None]]
    piped: Mapped[int | None]
    small: Mapped[int] = mapped_column(SmallInteger)
    required_though: Mapped[Optional[str]] = mapped_column(nullable=False)
    optional_though: Mapped[str] = mapped_column(nullable=True)
    code: Mapped[code]
    other_code: Mapped[Optional[code]]
    label: Mapped[short]
    no_label: Mapped[Optional[short]]
    note: Mapped[optional_note]
    at: Mapped[created]
    later: Mapped[created] = mapped_column(index=True)
    day: Mapped[datetime.date]
    time: Mapped[datetime.time]
    span: Mapped[datetime.timedelta]
    amount: Mapped[decimal.Decimal]
    ratio: Mapped[float]
    raw: Mapped[bytes]
    yes: Mapped[bool]
    key: Mapped[uuid.UUID]
    payload: Mapped[Dict[str, Any]]
    words: Mapped[List[str]]
    mrn: Mapped[Mrn]
    status: Mapped[Status]
    text_only: Mapped["str"]
    quoted: Mapped["Optional[datetime.date]"]
    lazily: Mapped[str] = deferred(mapped_column(Text))
    renamed: Mapped[int] = mapped_column("other_name")

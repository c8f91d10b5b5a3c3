# The types of fastapi-users-db-sqlalchemy, as they are on PostgreSQL.
from datetime import datetime, timezone

from sqlalchemy import TIMESTAMP, TypeDecorator
from sqlalchemy.dialects.postgresql import UUID


class GUID(TypeDecorator):
    impl = UUID


class TIMESTAMPAware(TypeDecorator):
    impl = TIMESTAMP


def now_utc():
    return datetime.now(timezone.utc)

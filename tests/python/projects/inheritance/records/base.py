from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    metadata = MetaData()


class Entity(Base):
    __abstract__ = True
    metadata = Base.metadata

from sqlalchemy import Boolean, Column, String

from clinic.db import Base

__all__ = ["Country", "Language"]


class Country(Base):
    __tablename__ = "countries"
    code = Column(String(2), primary_key=True)
    name = Column(String(80), nullable=False)


class Language(Base):
    __tablename__ = "languages"
    code = Column(String(3), primary_key=True)
    right_to_left = Column(Boolean, nullable=False, server_default="false")

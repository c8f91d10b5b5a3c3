from sqlalchemy import BigInteger, Column, Computed, FetchedValue, Identity, Integer, Numeric, Sequence, SmallInteger, String, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import declarative_base

Base = declarative_base()

invoice_numbers = Sequence("invoice_numbers", start=1000, increment=10, minvalue=1000, maxvalue=999999, cycle=True, cache=5, data_type=Integer)
global_numbers = Sequence("global_numbers", metadata=Base.metadata)


class Invoice(Base):
    __tablename__ = "invoice"

    id = Column(BigInteger, Identity(always=True, start=100, increment=5), primary_key=True)
    number = Column(Integer, invoice_numbers, server_default=invoice_numbers.next_value())
    python_number = Column(Integer, Sequence("python_numbers"))
    net = Column(Numeric(10, 2), nullable=False)
    tax = Column(Numeric(10, 2), nullable=False)
    gross = Column(Numeric(10, 2), Computed("net + tax", persisted=True))
    title = Column(Text)
    search = Column(TSVECTOR, Computed("to_tsvector('english', coalesce(title, ''))", persisted=True))
    touched = Column(String, server_default=FetchedValue())


class SmallKey(Base):
    __tablename__ = "small_key"
    id = Column(SmallInteger, primary_key=True)
    other = Column(Integer, Identity(), nullable=False)


class BigKey(Base):
    __tablename__ = "big_key"
    id = Column(BigInteger, primary_key=True)


class NoSerial(Base):
    __tablename__ = "no_serial"
    id = Column(Integer, primary_key=True, autoincrement=False)


class TwoKeys(Base):
    __tablename__ = "two_keys"
    a = Column(Integer, primary_key=True)
    b = Column(Integer, primary_key=True)


class TwoKeysOneSerial(Base):
    __tablename__ = "two_keys_one_serial"
    a = Column(Integer, primary_key=True, autoincrement=True)
    b = Column(Integer, primary_key=True)


class Defaulted(Base):
    __tablename__ = "defaulted"
    id = Column(Integer, Sequence("defaulted_ids", start=5), primary_key=True)
    name = Column(String, server_default="it's")
    percent = Column(String, server_default="100%")
    flag = Column(String, server_default="a:b")

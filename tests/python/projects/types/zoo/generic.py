"""The types that SQLAlchemy has for all databases, in their CamelCase and UPPERCASE forms."""
import enum

import sqlalchemy as sa
import sqlalchemy.dialects.postgresql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class Base(DeclarativeBase):
    pass


class Severity(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Cased(enum.Enum):
    first = "First value"
    second = "Second value"


class CamelCase(Base):
    __tablename__ = "camel_case"

    id = mapped_column(sa.Integer, primary_key=True)
    small = mapped_column(sa.SmallInteger)
    big = mapped_column(sa.BigInteger())
    flag = mapped_column(sa.Boolean)
    named_flag = mapped_column(sa.Boolean(create_constraint=True, name="ck_named_flag"))
    short = mapped_column(sa.String(10))
    any_length = mapped_column(sa.String)
    collated = mapped_column(sa.String(50, collation="C"))
    uni = mapped_column(sa.Unicode(20))
    uni_text = mapped_column(sa.UnicodeText)
    body = mapped_column(sa.Text(collation="POSIX"))
    number = mapped_column(sa.Numeric)
    money = mapped_column(sa.Numeric(12, 2))
    whole = mapped_column(sa.Numeric(precision=6))
    real = mapped_column(sa.Float)
    single = mapped_column(sa.Float(24))
    exact = mapped_column(sa.Float(53))
    double = mapped_column(sa.Double)
    double53 = mapped_column(sa.Double(53))
    day = mapped_column(sa.Date)
    clock = mapped_column(sa.Time)
    clock_tz = mapped_column(sa.Time(timezone=True))
    moment = mapped_column(sa.DateTime)
    moment_tz = mapped_column(sa.DateTime(timezone=True))
    span = mapped_column(sa.Interval)
    span_precise = mapped_column(sa.Interval(second_precision=3, day_precision=2))
    span_native = mapped_column(sa.Interval(native=False))
    blob = mapped_column(sa.LargeBinary)
    blob_long = mapped_column(sa.LargeBinary(length=2000))
    data = mapped_column(sa.JSON)
    data_null = mapped_column(sa.JSON(none_as_null=True))
    pickled = mapped_column(sa.PickleType)
    key = mapped_column(sa.Uuid)
    key_text = mapped_column(sa.Uuid(native_uuid=False))
    names = mapped_column(sa.ARRAY(sa.String))
    grid = mapped_column(sa.ARRAY(sa.Integer, dimensions=2))


class Upper(Base):
    __tablename__ = "upper_case"

    id = mapped_column(sa.INTEGER, primary_key=True)
    a = mapped_column(sa.SMALLINT)
    b = mapped_column(sa.BIGINT)
    c = mapped_column(sa.BOOLEAN)
    d = mapped_column(sa.VARCHAR(30))
    e = mapped_column(sa.CHAR(2))
    f = mapped_column(sa.CHAR)
    i = mapped_column(sa.TEXT)
    j = mapped_column(sa.NUMERIC(8, 3))
    k = mapped_column(sa.DECIMAL(8, 3))
    m = mapped_column(sa.FLOAT(10))
    n = mapped_column(sa.REAL)
    o = mapped_column(sa.DOUBLE_PRECISION)
    p = mapped_column(sa.DOUBLE_PRECISION(precision=53))
    q = mapped_column(sa.DATE)
    r = mapped_column(sa.TIME)
    s = mapped_column(sa.TIMESTAMP)
    t = mapped_column(sa.TIMESTAMP(timezone=True))
    u = mapped_column(sa.JSON)
    v = mapped_column(sa.UUID)
    w = mapped_column(sa.ARRAY(sa.TEXT))
    x = mapped_column(sa.INT)


class Enums(Base):
    __tablename__ = "enums"

    id = mapped_column(sa.Integer, primary_key=True)
    names = mapped_column(sa.Enum(Cased))
    values = mapped_column(sa.Enum(Cased, values_callable=lambda kind: [m.value for m in kind], name="cased_value"))
    strings = mapped_column(sa.Enum("on", "off", name="switch"))
    shared = mapped_column(sa.Enum("on", "off", name="switch"))
    text = mapped_column(sa.Enum(Cased, native_enum=False))
    checked = mapped_column(sa.Enum("yes", "no", native_enum=False, create_constraint=True, name="ck_checked"))
    long = mapped_column(sa.Enum(Severity, native_enum=False, length=40))
    quoted = mapped_column(sa.Enum("it's", "so", name="Quoted Kind"))
    many = mapped_column(sa.ARRAY(sa.Enum(Severity, name="severity")))


class Encrypted(TypeDecorator):
    impl = sa.LargeBinary
    cache_ok = True


class Email(TypeDecorator):
    impl = sa.String(254)
    cache_ok = True


class Shortened(TypeDecorator[str]):
    """A string with a length of its own."""

    impl = sa.String
    cache_ok = True

    def __init__(self, length: int = 16, **options):
        super().__init__(length=length, **options)


class Json(TypeDecorator):
    impl = sa.JSON
    cache_ok = True

    def load_dialect_impl(self, dialect):
        if dialect.name == "postgresql":
            from sqlalchemy.dialects.postgresql import JSONB

            return dialect.type_descriptor(JSONB())
        return dialect.type_descriptor(sa.JSON())


class Point(sa.types.UserDefinedType):
    cache_ok = True

    def get_col_spec(self, **options):
        return "POINT"


class Decorated(Base):
    __tablename__ = "decorated"

    id = mapped_column(sa.Integer, primary_key=True)
    secret = mapped_column(Encrypted)
    sealed = mapped_column(Encrypted(), nullable=False)
    email = mapped_column(Email, unique=True)
    label = mapped_column(Shortened)
    title = mapped_column(Shortened(40), nullable=False)
    payload = mapped_column(Json)
    variant = mapped_column(sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql"))
    place = mapped_column(Point)

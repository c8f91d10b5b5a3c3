users = Table(
    "users",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", String(50)),
    Column("email", String),
    Column("age", Integer),
    Column("score", Numeric(10, 2)),
    Column("active", Boolean),
    Column("deleted_at", DateTime),
    Column("data", pg.JSONB),
    Column("raw", pg.JSON),
    Column("tags", pg.ARRAY(String)),
    Column("Order", Integer),
    Column("during", pg.TSTZRANGE),
    Column("kind", Enum("a", "b", name="kind")),
)
c = users.c
for expression in [
    c.name, c.Order, c.name == "it's", c.name != None, c.name == None, c.name.is_(None), c.name.is_not(None),
    c.age > 5, c.age >= 5, c.age < 5, c.age <= 5, c.age != 5, c.active == True, c.active == False, c.active != True,
    c.active.is_(True), c.active.is_(False), c.active.is_not(True), ~c.active, not_(c.active), and_(c.active, c.age > 1),
    ~and_(c.active, c.age > 1), or_(c.active, ~c.active), c.name.in_(["a", "b"]), c.name.not_in(["a", "b"]), ~c.name.in_(["a"]),
    c.name.in_([]), c.name.not_in([]), c.age.in_([1, 2, 3]), and_(c.name.not_in(["a"]), c.age == 1), c.age.between(1, 5),
    ~c.age.between(1, 5), c.age.between(1, 5, symmetric=True), and_(c.age.between(1, 5), c.active),
    c.name.like("a%"), c.name.not_like("a%"), c.name.ilike("a%"), c.name.not_ilike("a%"), c.name.like("a/%", escape="/"),
    c.name.regexp_match("^a"), c.name.regexp_match("^a", flags="i"), ~c.name.regexp_match("^a"), c.name.regexp_match("^a", flags="ix"),
    c.name.op("~")("^a"), c.name.op("~*")("^a"), and_(c.name.op("~")("^a"), c.age > 1), c.name.bool_op("~")("^a"),
    ~c.name.bool_op("~")("^a"), c.name.op("~")("^a") == True,
    c.age + 1, c.age - 1, c.age * 2, c.age / 2, c.age // 2, c.age % 2, (c.age + 1) * 2, c.age + 1 * 2, (c.age - 1) - (c.age - 2),
    c.age - (c.age + 1), c.score / 2, c.score / 2.5, c.score // 2, c.age / c.score, -c.age, -(c.age + 1), c.age + c.age + c.age, (c.age * 2) * 3,
    c.name + "x", c.name + c.email, "x" + c.name, c.name + "x" + c.email, c.name.concat("x"), func.lower(c.name) + "x",
    c.age.op("&")(4), c.age.bitwise_and(4), c.age.bitwise_or(4), c.age.bitwise_xor(4), c.age.bitwise_lshift(1), c.age.bitwise_rshift(1), c.age.bitwise_not(),
    c.age.op("&")(4) == 4, c.age.bitwise_and(4) == 4, c.age + 1 == 2, (c.age == 1) == True,
    and_(c.age > 1, c.age < 5), or_(c.age > 1, c.age < 5), and_(or_(c.age > 1, c.active), c.name == "x"), or_(and_(c.age > 1, c.active), c.name == "x"),
    (c.age > 1) & (c.age < 5) & (c.name == "x"), (c.age > 1) | (c.age < 5) | (c.name == "x"), and_(c.age > 1, and_(c.age < 5, c.active)),
    not_(or_(c.age > 1, c.age < 5)), not_(c.age > 1), not_(not_(c.age > 1)), not_(not_(and_(c.age > 1, c.active))), and_(true(), c.age > 1), and_(false(), c.age > 1), or_(true(), c.age > 1), or_(false(), c.age > 1),
    and_(c.age > 1), true(), false(), null(), ~true(),
    func.now(), func.NOW(), func.lower(c.name), func.LOWER(c.name), func.current_timestamp(), func.CURRENT_TIMESTAMP(), func.current_date(), func.current_user(), func.session_user(),
    func.localtimestamp(), func.current_time(), func.user(), func.random(), func.count(), func.count(c.id), func.coalesce(c.name, ""), func.COALESCE(c.name, "x", null()), func.concat(c.name, " ", c.email), func.sum(c.age), func.max(c.age),
    func.uuid_generate_v4(), func.gen_random_uuid(), func.app.current_tenant(), func.pg_catalog.now(), func.timezone("utc", func.now()), func.timezone("UTC", func.current_timestamp()),
    func.date_trunc("day", c.deleted_at), func.to_char(c.deleted_at, "YYYY-MM"), func.array_length(c.tags, 1), func.length(func.trim(c.name)) > 0, func.char_length(c.name) >= 3,
    func.lower(c.name) == "x", func.jsonb_build_object("a", 1, "b", true()), func.nextval("seq"), func.nextval(text("'seq'::regclass")), func.x(True, None, 1.5), func.Mixed(c.id), getattr(func, "we ird")(1),
    func.coalesce(c.age, 0) + 1, func.coalesce(c.name, "") + "x", func.lower(c.name).label("l"), func.st_x(func.st_y(c.id)),
    func.array_agg(c.id), func.string_agg(c.name, ","), func.unnest(c.tags),
    cast(c.age, String), cast(c.age, Numeric(10, 2)), cast("5", Integer), cast(c.name, String(5, collation="C")), cast(c.age, String) == "5", cast(c.deleted_at, Date), cast(c.name, pg.ENUM("a", name="kind")), cast(c.name, pg.ARRAY(Integer)), cast(c.raw, pg.JSONB),
    type_coerce(c.age, String), type_coerce(c.age, String) + "x", extract("year", c.deleted_at), extract("epoch", c.deleted_at) > 5,
    case((c.age > 1, "a"), (c.age > 2, "b"), else_="c"), case((c.age > 1, c.age + 1)), case({"a": 1, "b": 2}, value=c.name, else_=0), case((c.age > 1, "a"), else_="c") == "a",
    c.name.collate("de_DE"), c.name.collate("C"), c.name.collate("C").desc(), collate(c.name, "en-x-icu"), func.lower(c.name).collate("C") == "x",
    c.name.desc(), c.name.asc(), c.name.nulls_last(), c.name.nulls_first(), c.name.desc().nulls_last(), desc(c.name), nulls_last(desc(c.name)), nulls_first(c.name), func.lower(c.name).desc(), (c.age + 1).desc(), (c.age > 1).desc().nulls_last(),
    c.data["a"], c.data["a"].astext, c.data["a"]["b"], c.data["a"]["b"].astext, c.data["a"].astext == "x", c.data["a"]["b"].astext == "x", c.raw["a"], c.raw["a"].astext, c.raw["a"].astext == "x", c.data[1].astext, c.raw["a"]["b"].astext,
    cast(c.data["a"].astext, Integer), c.data.contains({"a": 1}) if False else c.data.has_key("a"), c.data.op("?")("a"), c.data.op("@>")(text("'{}'::jsonb")), func.lower(c.data["a"].astext),
    c.tags[1], c.tags[1] == "x", c.tags.contains(["a"]) if False else c.tags.op("@>")(pg.array(["a"])), c.tags.overlap(pg.array(["a", "b"])), "x" == any_(c.tags), c.tags.any("x"), ~("x" == any_(c.tags)), pg.array([1, 2]), pg.array([c.age, 2]), pg.array([], type_=Integer),
    tuple_(c.age, c.id), tuple_(c.age, c.id) == tuple_(1, 2), distinct(c.name), c.name.distinct(), c.name.is_distinct_from("x"), c.name.is_not_distinct_from(None), c.name.is_distinct_from(None), ~c.name.is_distinct_from("x"),
    text("lower(name)"), text("a \\:b"), text("now() at time zone 'utc'"), text("'{}'::jsonb"), text("x::text || ':'"), text("'a:b'"), text("arr[1:2]"), text("a = 'it''s'"), literal_column("name"), literal_column("'x'::text"), literal("x"), literal(5), literal(None), literal(True), literal(1.5),
    literal("50% off"), column("x") > 5, column("Order") == "a", and_(column("a") > 1, column("b") > 1), func.lower(column("x")), column("x", Boolean), ~column("x", Boolean), ~column("x"), ~func.f(c.id), ~(c.age + 1), not_(c.active == True), not_(c.name == None),
    c.kind == "a", c.kind.in_(["a", "b"]), c.name.in_(["it's"]), c.age == func.coalesce(c.age, 1), c.age == c.id, c.age == (c.id + 1), (c.age == 1).label("x"), func.f(c.age == 1, and_(c.age > 1, c.active)), func.f(c.name.desc()),
    c.age.in_([c.id, 5]) if False else c.age.in_([5]), c.during.op("&&")(c.during), c.during.op("-|-", precedence=5)(c.during), c.during.op("@>")(func.now()), and_(c.during.op("@>", is_comparison=True)(func.now()), c.active),
    func.num_nonnulls(c.name, c.email) == 1, (c.name != None) != (c.email != None), or_(c.name.is_(None), c.email.is_(None)), (c.name == None) | ~(c.email == None), func.trim_(c.name), func.current_setting("app.tenant", true()), cast(func.current_setting("app.tenant"), pg.UUID) == c.id,
    c.score * c.age + c.age, c.score * (c.age + c.age), c.age - c.id - 1, c.age / (c.id / 2), (c.age == 1) & c.active & ~c.active, func.lower(c.name).in_(["a"]), c.age.op("+")(1).op("*")(2), func.now() - text("interval '1 day'"), func.now() + func.make_interval(0, 1),
]:
    clause(expression)

sequence = Sequence("order_seq", schema="billing")
clause(sequence.next_value())
clause(Sequence("Order Seq").next_value())

for source in """Integer INTEGER INT SmallInteger SMALLINT BigInteger BIGINT Numeric NUMERIC Numeric(10) Numeric(10,2) Numeric(10,2,asdecimal=False)
NUMERIC(12,4) Numeric(scale=2) DECIMAL DECIMAL(10) DECIMAL(10,2) Float Float() Float(24) Float(53) FLOAT FLOAT(10) Float(asdecimal=True) Double DOUBLE DOUBLE_PRECISION Double(53) pg.DOUBLE_PRECISION REAL pg.REAL pg.FLOAT pg.NUMERIC(5)
String String() String(50) String(length=50) String(50,collation='C') Unicode Unicode(50) Text Text(100) Text(collation='de_DE') UnicodeText TEXT VARCHAR VARCHAR(10) CHAR CHAR(2) NCHAR(3) NVARCHAR(3) CLOB pg.TEXT pg.VARCHAR(3) pg.CHAR(1)
LargeBinary LargeBinary(100) BLOB BINARY BINARY(5) VARBINARY(5) pg.BYTEA PickleType
Boolean Boolean(name='b',create_constraint=True) BOOLEAN pg.BOOLEAN Date DATE DateTime DateTime(True) DateTime(timezone=True) DATETIME TIMESTAMP TIMESTAMP(timezone=True) pg.TIMESTAMP(precision=3) pg.TIMESTAMP(timezone=True,precision=0) Time Time(timezone=True) TIME pg.TIME(True,6) pg.TIME(precision=2)
Interval Interval(second_precision=3) Interval(native=False) pg.INTERVAL pg.INTERVAL(3) pg.INTERVAL(fields='DAY') pg.INTERVAL(precision=2,fields='SECOND') Uuid Uuid(as_uuid=False) Uuid(native_uuid=False) UUID UUID(as_uuid=False) pg.UUID(as_uuid=True) JSON JSON(none_as_null=True) pg.JSON pg.JSONB pg.JSONB(astext_type=Text()) pg.JSONPATH pg.HSTORE
ARRAY(Integer) ARRAY(String(5),dimensions=2) pg.ARRAY(Text) pg.ARRAY(pg.UUID(as_uuid=True)) pg.ARRAY(Integer,dimensions=3) pg.ARRAY(String(5,collation='C')) pg.ARRAY(Enum('a',name='e')) pg.ARRAY(Numeric(5,2)) pg.ARRAY(DateTime(timezone=True))
Enum('a','b',name='e') Enum('a','b',name='E') Enum('a','b',name='e',schema='s') Enum('a','bcd',native_enum=False) Enum('a','b',native_enum=False,length=20) Enum('a','b',native_enum=False,name='e') pg.ENUM('a',name='e') pg.ENUM('a',name='order') pg.ENUM('a',name='e',schema='My',create_type=False) Enum('a','b') Enum(native_enum=False)
pg.BIT pg.BIT(3) pg.BIT(varying=True) pg.BIT(8,varying=True) pg.BIT(8,True) pg.INET pg.CIDR pg.MACADDR pg.MACADDR8 pg.MONEY pg.OID pg.REGCLASS pg.REGCONFIG pg.TSVECTOR pg.TSQUERY pg.CITEXT pg.INT4RANGE pg.INT8RANGE pg.NUMRANGE pg.DATERANGE pg.TSRANGE pg.TSTZRANGE pg.INT4MULTIRANGE pg.INT8MULTIRANGE pg.NUMMULTIRANGE pg.DATEMULTIRANGE pg.TSMULTIRANGE pg.TSTZMULTIRANGE
pg.DOMAIN('email',Text) pg.DOMAIN('Email',Text,schema='s') sqltypes.NullType sqltypes.MatchType pg.BIGINT pg.INTEGER pg.SMALLINT pg.DATE pg.TIMESTAMP pg.TIME pg.BIT(1) pg.ENUM('x','y',name='z')""".split():
    type_(source)

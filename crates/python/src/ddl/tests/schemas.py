class Color(enum.Enum):
    RED = "r"
    GREEN = "g"


CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


@schema
def empty(m):
    Table("t", m)


@schema
def primary_keys(m):
    Table("serial", m, Column("id", Integer, primary_key=True))
    Table("big", m, Column("id", BigInteger, primary_key=True))
    Table("small", m, Column("id", SmallInteger, primary_key=True))
    Table("text", m, Column("id", String(10), primary_key=True))
    Table("uuid", m, Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()))
    Table("none", m, Column("id", Integer, primary_key=True, autoincrement=False))
    Table("two", m, Column("a", Integer, primary_key=True), Column("b", Integer, primary_key=True))
    Table("two_auto", m, Column("a", Integer, primary_key=True), Column("b", BigInteger, primary_key=True, autoincrement=True))
    Table("python", m, Column("id", Integer, primary_key=True, default=lambda: 5))
    Table("server", m, Column("id", Integer, primary_key=True, server_default="5"))
    Table("server_true", m, Column("id", Integer, primary_key=True, autoincrement=True, server_default="5"))
    Table("python_true", m, Column("id", Integer, primary_key=True, autoincrement=True, default=lambda: 5))
    Table("numeric", m, Column("id", Numeric, primary_key=True))
    Table("nullable", m, Column("id", Integer, primary_key=True, nullable=True))
    Table("explicit", m, Column("a", Integer), Column("b", Integer), PrimaryKeyConstraint("b", "a", name="pk_x"))
    Table("explicit_one", m, Column("a", Integer), PrimaryKeyConstraint("a"))
    Table("explicit_nullable", m, Column("a", Integer, nullable=True), PrimaryKeyConstraint("a"))
    Table("deferrable", m, Column("a", Integer), PrimaryKeyConstraint("a", deferrable=True, initially="DEFERRED"))
    Table("included", m, Column("a", Integer), Column("b", Integer), PrimaryKeyConstraint("a", postgresql_include=["b"]))


@schema
def serial_and_foreign_keys(m):
    Table("p", m, Column("id", Integer, primary_key=True))
    Table("auto", m, Column("id", Integer, ForeignKey("p.id"), primary_key=True))
    Table("ignore", m, Column("id", Integer, ForeignKey("p.id"), primary_key=True, autoincrement="ignore_fk"))
    Table("always", m, Column("id", Integer, ForeignKey("p.id"), primary_key=True, autoincrement=True))
    Table("composed", m, Column("id", Integer, primary_key=True), ForeignKeyConstraint(["id"], ["p.id"]))


@schema
def identities(m):
    Table("a", m, Column("id", Integer, Identity(), primary_key=True))
    Table("b", m, Column("id", BigInteger, Identity(always=True, start=10, increment=5), primary_key=True))
    Table("c", m, Column("id", Integer, Identity(minvalue=1, maxvalue=9, cycle=True, cache=3), nullable=True))
    Table("d", m, Column("id", Integer, Identity(nominvalue=True, nomaxvalue=True, cycle=False)))
    Table("e", m, Column("id", Integer, Identity(always=True), primary_key=True, nullable=True))


@schema
def computed(m):
    Table("a", m, Column("x", Integer), Column("y", Integer, Computed("x * 2")), Column("z", Integer, Computed("x + 1", persisted=True), nullable=False))
    t = Table("b", m, Column("x", Integer), Column("s", String))
    t.append_column(Column("y", Integer, Computed(t.c.x * 2)))
    t.append_column(Column("v", pg.TSVECTOR, Computed(text("to_tsvector('english', s)"))))


@schema
def defaults(m):
    Table(
        "t", m,
        Column("a", String, server_default="it's"),
        Column("b", Boolean, server_default=text("false"), nullable=False),
        Column("c", DateTime(timezone=True), server_default=func.now(), nullable=False),
        Column("d", Integer, server_default="0"),
        Column("e", pg.JSONB, server_default=text("'{}'::jsonb")),
        Column("f", pg.ARRAY(String), server_default="{}"),
        Column("g", DateTime, server_default=func.timezone("utc", func.now())),
        Column("h", Boolean, server_default=false()),
        Column("i", Boolean, server_default=true()),
        Column("j", String, server_default=null()),
        Column("k", Integer, server_default=text("1 + 2")),
        Column("l", Uuid, server_default=text("uuid_generate_v4()")),
        Column("m", String, server_default=""),
        Column("n", DateTime, server_default=FetchedValue()),
        Column("o", Numeric(5, 2), server_default=literal(0)),
        Column("p", Date, server_default=func.current_date()),
        Column("q", String, server_default="a\\b"),
        Column("r", String, server_default="50%"),
        Column("s", String, server_default=cast("x", String)),
        Column("t", String, default="x", onupdate="y"),
        Column("u", DateTime, server_default=func.now(), server_onupdate=FetchedValue()),
        Column("v", pg.ARRAY(Integer), server_default=pg.array([], type_=Integer)),
        Column("w", Integer, server_default=Sequence("w_seq").next_value()),
    )


@schema
def nullability(m):
    Table("t", m, Column("a", Integer, nullable=False), Column("b", Integer, nullable=True), Column("c", Integer))


@schema
def names(m):
    Table("Order", m, Column("select", Integer, primary_key=True), Column("CamelCase", String), Column("with space", String), Column("a-b", String), Column("1st", Integer), Column("$x", Integer), Column('qu"ote', Integer), Column("é", Integer), Column("user", Integer), Column("type", Integer), Column("value", Integer), Column("end", Integer))
    Table("quoted", m, Column("plain", Integer, quote=True), Column("Upper", Integer, quote=False), quote=True)
    Table("unquoted", m, Column("a", Integer), schema="My Schema")
    Table("a.b", m, Column("c.d", Integer, index=True))


@schema
def keys(m):
    Table("p", m, Column("real_id", Integer, key="id", primary_key=True), Column("other", Integer, key="o", unique=True, index=True))
    Table("t", m, Column("p_fk", Integer, ForeignKey("p.id"), key="parent"), Column("b", Integer, key="bee"), UniqueConstraint("parent", "bee"), Index("ix_keys", "bee", "parent"), Index("ix_bee", "bee", postgresql_ops={"bee": "int4_ops"}), CheckConstraint("b > 1"))


@schema
def uniques(m):
    Table("t", m, Column("a", Integer, unique=True), Column("b", Integer), Column("c", Integer, unique=True), UniqueConstraint("a", "b"), UniqueConstraint("b", name="uq_b"), UniqueConstraint("b", "c", deferrable=True, initially="IMMEDIATE", name="uq_bc"), UniqueConstraint("a", "c", postgresql_nulls_not_distinct=True), UniqueConstraint("c", postgresql_include=["a", "b"]), UniqueConstraint("c", "b", deferrable=False, postgresql_nulls_not_distinct=False))


@schema
def checks(m):
    Table("t", m, Column("a", Integer, CheckConstraint("a > 0")), Column("b", Integer, CheckConstraint("b > 0", name="b_positive"), nullable=False), CheckConstraint("a < b"), CheckConstraint("a <> 5", name="not_five"), CheckConstraint("b <> 5", name="nv", postgresql_not_valid=True), CheckConstraint("a ~ '^\\:x'"), CheckConstraint(text("a IN (1, 2)"), name="Upper"))
    t = Table("u", m, Column("a", Integer), Column("b", String), Column("c", Boolean))
    t.append_constraint(CheckConstraint(t.c.a > 5, name="gt"))
    t.append_constraint(CheckConstraint(and_(t.c.a > 5, t.c.b.in_(["x", "y"]), ~t.c.c), name="all"))
    t.append_constraint(CheckConstraint(or_(t.c.a == None, t.c.b != "x"), name="some"))
    t.append_constraint(CheckConstraint(func.char_length(t.c.b) > 3))
    t.append_constraint(CheckConstraint(column("a") > 3))


@schema
def foreign_keys(m):
    Table("p", m, Column("id", Integer, primary_key=True), Column("x", Integer), Column("y", Integer), UniqueConstraint("x", "y"))
    Table("q", m, Column("id", Integer, primary_key=True), schema="other")
    Table(
        "t", m,
        Column("a", Integer, ForeignKey("p.id")),
        Column("b", Integer, ForeignKey("p.id", ondelete="CASCADE", onupdate="SET NULL", name="fk_b")),
        Column("c", Integer, ForeignKey("other.q.id", deferrable=True, initially="DEFERRED")),
        Column("d", Integer, ForeignKey("t.e", match="FULL")),
        Column("e", Integer, unique=True),
        Column("f", Integer, ForeignKey("p.id"), ForeignKey("other.q.id", deferrable=False)),
        Column("id", Integer, ForeignKey("p")),
        ForeignKeyConstraint(["a", "b"], ["p.x", "p.y"], name="fk_two", ondelete="SET DEFAULT"),
        ForeignKeyConstraint(["b", "a"], ["p.x", "p.y"], postgresql_not_valid=True, onupdate="CASCADE", deferrable=True),
    )


@schema
def inferred_types(m):
    Table("p", m, Column("id", Uuid, primary_key=True), Column("code", String(7), unique=True))
    Table("q", m, Column("id", ForeignKey("p.id"), primary_key=True))
    Table("r", m, Column("q_id", ForeignKey("q.id")), Column("code", ForeignKey("p.code", ondelete="CASCADE"), nullable=False))
    Table("s", m, Column("x", None), ForeignKeyConstraint(["x"], ["p.id"]))
    Table("i", m, Column("id", Integer, primary_key=True))
    Table("j", m, Column("id", ForeignKey("i.id"), primary_key=True))


@schema
def dependency_order(m):
    Table("z", m, Column("id", Integer, primary_key=True))
    Table("c", m, Column("id", Integer, primary_key=True), Column("d", Integer, ForeignKey("d.id")))
    Table("b", m, Column("id", Integer, primary_key=True), Column("c", Integer, ForeignKey("c.id")))
    Table("d", m, Column("id", Integer, primary_key=True), Column("up", Integer, ForeignKey("d.id")))
    Table("a", m, Column("id", Integer, primary_key=True))


@schema
def circles(m):
    Table("a", m, Column("id", Integer, primary_key=True), Column("b", Integer, ForeignKey("b.id")), Column("x", Integer, ForeignKey("x.id", name="fk_x")), Column("up", Integer, ForeignKey("a.id")))
    Table("b", m, Column("id", Integer, primary_key=True), Column("a", Integer, ForeignKey("a.id", name="fk_a")))
    Table("x", m, Column("id", Integer, primary_key=True))
    Table("y", m, Column("id", Integer, primary_key=True), Column("a", Integer, ForeignKey("a.id")))


@schema
def use_alter(m):
    Table("a", m, Column("id", Integer, primary_key=True), Column("b", Integer, ForeignKey("b.id", use_alter=True, name="fk_ab")))
    Table("b", m, Column("id", Integer, primary_key=True), Column("a", Integer, ForeignKey("a.id")), Column("c", Integer), ForeignKeyConstraint(["c"], ["a.id"], use_alter=True))


@schema
def enumerations(m):
    Table("t", m, Column("a", Enum("x", "y", name="one")), Column("b", Enum("x", "it's", name="Two", schema="s")), Column("c", Enum(Color)), Column("d", pg.ENUM("p", name="four", create_type=False)), Column("e", pg.ARRAY(Enum("q", name="five"))))
    Table("u", m, Column("a", Enum("x", "y", name="one"), nullable=False, server_default="x"), Column("b", Enum("x", "y", native_enum=False)), Column("c", Enum("x", "yy", native_enum=False, create_constraint=True, name="seven")), Column("d", Enum("x", "yy", native_enum=False, create_constraint=True, length=20)), Column("e", Boolean(create_constraint=True, name="boo")))
    Table("v", m, Column("a", Enum("k", name="eight", inherit_schema=True)), schema="w")


@schema
def enumeration_of_metadata(m):
    m = MetaData(schema="app")
    kind = Enum("a", "b", name="kind", metadata=m)
    Table("t", m, Column("k", kind), Column("id", Integer, primary_key=True))
    Table("u", m, Column("k", kind), Column("t_id", ForeignKey("t.id")))
    return m


@schema
def domains(m):
    Table("t", m, Column("a", pg.DOMAIN("email", Text, check="VALUE ~ '@'", not_null=True)), Column("b", pg.DOMAIN("n", Integer, default=text("5"), constraint_name="n_c", check="VALUE > 0")), Column("c", pg.DOMAIN("c", String(5), collation="C", default="x", schema="s")))


@schema
def sequences(m):
    Sequence("standalone", metadata=m, start=5, increment=2, schema="s")
    Sequence("typed", metadata=m, data_type=BigInteger, minvalue=1, maxvalue=100, cycle=True, cache=10)
    Table("a", m, Column("id", Integer, Sequence("a_seq"), primary_key=True))
    Table("b", m, Column("id", Integer, Sequence("b_seq", optional=True), primary_key=True))
    seq = Sequence("c_seq", metadata=m)
    Table("c", m, Column("id", Integer, seq, server_default=seq.next_value(), primary_key=True))


@schema
def indexes(m):
    t = Table("t", m, Column("a", Integer, index=True), Column("b", String, index=True, unique=True), Column("c", pg.JSONB), Column("d", pg.TSVECTOR), Column("Upper", String, index=True), Column("e", Boolean))
    Index("ix_1", t.c.a)
    Index("ix_2", t.c.a, t.c.b.desc(), unique=True)
    Index("ix_3", func.lower(t.c.b))
    Index("ix_4", t.c.a, postgresql_where=t.c.b == "x")
    Index("ix_5", t.c.a, postgresql_where=text("b IS NULL"))
    Index("ix_6", t.c.c, postgresql_using="gin", postgresql_ops={"c": "jsonb_path_ops"})
    Index("ix_7", t.c.d, postgresql_using="GIN")
    Index("ix_8", t.c.a, postgresql_include=["b", "e"])
    Index("ix_9", t.c.a, postgresql_with={"fillfactor": 70, "deduplicate_items": "off"}, postgresql_tablespace="Fast")
    Index("ix_10", t.c.a, postgresql_concurrently=True)
    Index("ix_11", t.c.a, unique=True, postgresql_nulls_not_distinct=True)
    Index("ix_12", text("lower(b) text_pattern_ops"), t.c.a)
    Index("ix_13", t.c.a + 1, t.c.b.collate("C"), cast(t.c.a, String), t.c.c["k"].astext, t.c.b.desc().nulls_last())
    Index("ix_14", func.lower(t.c.b).label("low"), postgresql_ops={"low": "text_pattern_ops"})
    Index("ix_15", t.c.a, postgresql_where=and_(t.c.e, t.c.a.in_([1, 2]), t.c.b.is_not(None)))
    Index("IX Upper", t.c.Upper, postgresql_where=~t.c.e)
    Index("ix_16", t.c.b, postgresql_ops={"b": "varchar_pattern_ops"}, postgresql_using="btree")
    Index("ix_17", func.coalesce(t.c.b, "").desc(), func.date_trunc("day", t.c.a))
    Index("ix_18", t.c.a, unique=True, postgresql_nulls_not_distinct=False, postgresql_where=text("e"))
    Index(None, t.c.c, t.c.d)
    Table("s", m, Column("a", Integer, index=True), Column("b", Integer), Index("ix_s", "a", "b"), schema="sch")


@schema
def excludes(m):
    t = Table("t", m, Column("room", Integer), Column("during", pg.TSRANGE), Column("ok", Boolean))
    t.append_constraint(pg.ExcludeConstraint((t.c.room, "="), (t.c.during, "&&"), name="no_overlap"))
    t.append_constraint(pg.ExcludeConstraint(("room", "="), (func.lower(t.c.during), "&&"), using="GIST", where=text("ok"), ops={"room": "gist_int4_ops"}))
    t.append_constraint(pg.ExcludeConstraint((text("int4range(room, room)"), "&&"), where=t.c.ok == True, deferrable=True, initially="DEFERRED", name="Deferred"))


@schema
def comments(m):
    Table("t", m, Column("a", Integer, comment="it's a"), Column("b", Integer, comment=""), UniqueConstraint("a", name="uq_a", comment="why"), CheckConstraint("a > 1", name="ck", comment="100% sure"), comment="the 'table'")
    Table("u", m, Column("Col", Integer, comment="x"), schema="s", comment="y")


@schema
def table_options(m):
    Table("a", m, Column("x", Integer), prefixes=["TEMPORARY"], postgresql_on_commit="PRESERVE_ROWS")
    Table("b", m, Column("x", Integer), prefixes=["UNLOGGED"], postgresql_tablespace="Fast", postgresql_using="heap")
    Table("c", m, Column("x", Integer), postgresql_partition_by="RANGE (x)")
    Table("d", m, Column("y", Integer), postgresql_inherits="a")
    Table("e", m, Column("y", Integer), postgresql_inherits=("a", "B"), postgresql_with_oids=False)


@schema
def system_columns(m):
    Table("t", m, Column("id", Integer, primary_key=True), Column("xmin", Integer, system=True))


def conventional(m):
    Table("parent", m, Column("id", Integer, primary_key=True), Column("x", Integer), Column("y", Integer), UniqueConstraint("x", "y"))
    Table(
        "child", m,
        Column("id", Integer, primary_key=True),
        Column("parent_id", Integer, ForeignKey("parent.id")),
        Column("a", Integer, unique=True),
        Column("b", Integer, index=True, key="bee"),
        Column("c", Integer, ForeignKey("parent.id", name="given")),
        Column("d", Integer, ForeignKey("parent.id", name=conv("final"))),
        UniqueConstraint("a", "bee"),
        UniqueConstraint("a", "c", name="uq_given"),
        UniqueConstraint("a", "d", name=conv("uq_final")),
        ForeignKeyConstraint(["a", "bee"], ["parent.x", "parent.y"]),
        CheckConstraint("a > 1", name="positive"),
        CheckConstraint("a > 2", name=conv("ck_final")),
        Index(None, "a", "bee"),
        Index("ix_given", "a"),
        Column("e", Integer, CheckConstraint("e > 1", name="e_positive")),
        Column("f", Enum("x", native_enum=False, create_constraint=True, name="enm")),
    )
    Table("schemed", m, Column("id", Integer, primary_key=True, index=True), Column("p", Integer, ForeignKey("parent.id"), unique=True), schema="my.schema")


@schema
def convention(m):
    m = MetaData(naming_convention=CONVENTION)
    conventional(m)
    return m


@schema
def convention_all_columns(m):
    m = MetaData(naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "uq": "uq_%(table_name)s_%(column_0N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s_%(referred_column_0_N_name)s",
        "pk": "pk_%(table_name)s_%(column_0_N_label)s",
    })
    conventional(m)
    return m


@schema
def convention_keys(m):
    m = MetaData(naming_convention={"uq": "uq_%(column_0_key)s_%(column_1_name)s_%(column_1_label)s%%", "ix": "%(column_0N_key)s_ix", "fk": "%(referred_column_0_name)s_fk_%(column_0_label)s"})
    conventional(m)
    return m


@schema
def convention_with_check_columns(m):
    m = MetaData(naming_convention={"ck": "ck_%(table_name)s_%(column_0_name)s"})
    t = Table("t", m, Column("a", Integer), Column("b", Integer))
    t.append_constraint(CheckConstraint(t.c.b > t.c.a))
    t.append_column(Column("c", Enum("x", "y", native_enum=False, create_constraint=True)))
    return m


@schema
def convention_without_indexes(m):
    m = MetaData(naming_convention={"pk": "pk_%(table_name)s"})
    Table("t", m, Column("a", Integer, primary_key=True), Column("b", Integer, unique=True))
    return m


@schema
def long_names(m):
    m = MetaData(naming_convention=CONVENTION)
    Table("p" * 40, m, Column("i" * 30, Integer, primary_key=True, index=True))
    Table("a_rather_long_table_name_for_the_test_of_cutting", m, Column("and_a_rather_long_column_name_too", Integer, ForeignKey("p" * 40 + "." + "i" * 30), unique=True), Column("ünïcödé_ünïcödé_ünïcödé_ünïcödé", Integer, index=True), CheckConstraint("true", name="and_a_constraint_name_that_is_long_as_well"), Index(conv("a_final_index_name_that_is_longer_than_sixty_three_characters_in_all"), "and_a_rather_long_column_name_too"))
    return m


@schema
def schema_of_metadata(m):
    m = MetaData(schema="app")
    Table("p", m, Column("id", Integer, primary_key=True))
    Table("t", m, Column("p_id", Integer, ForeignKey("p.id"), index=True), Column("q_id", Integer, ForeignKey("app.p.id")))
    return m


@schema
def implicit_key_puts_its_serial_first(m):
    Table("t", m, Column("a", Integer, primary_key=True, autoincrement=False), Column("b", Integer, primary_key=True, autoincrement=True), Column("c", Integer, primary_key=True))


@schema
def arrays_and_decorators(m):
    class Vector(sqltypes.UserDefinedType):
        def get_col_spec(self, **kw):
            return "VECTOR(3)"

    Table("t", m, Column("v", Vector()), Column("a", pg.ARRAY(Vector())), Column("p", PickleType), Column("i", Interval))


@schema
def unnamed_enumeration(m):
    Table("t", m, Column("a", Enum("x", "y", native_enum=False, create_constraint=True)))

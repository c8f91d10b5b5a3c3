# What postgresql-audit makes: two tables, and triggers on the tables of classes with __versioned__.
from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Integer, Text, UniqueConstraint, event, text
from sqlalchemy.dialects.postgresql import INET, JSONB
from sqlalchemy.ext.declarative import declared_attr
from sqlalchemy.orm.mapperlib import _all_registries
from sqlalchemy.types import UserDefinedType


class XID8(UserDefinedType):
    def get_col_spec(self, **kw):
        return "XID8"


def activity_base(Base, schema, transaction_cls):
    class ActivityBase(Base):
        __abstract__ = True
        __table_args__ = {"schema": schema}
        id = Column(BigInteger, primary_key=True)
        schema_name = Column(Text)
        table_name = Column(Text)
        relid = Column(Integer)
        issued_at = Column(DateTime)
        native_transaction_id = Column(XID8(), index=True)
        verb = Column(Text)
        old_data = Column(JSONB, server_default="{}")
        changed_data = Column(JSONB, server_default="{}")

        @declared_attr
        def transaction_id(cls):
            return Column(BigInteger, ForeignKey(transaction_cls.id))

    return ActivityBase


def transaction_base(Base, schema):
    class TransactionBase(Base):
        __abstract__ = True
        id = Column(BigInteger, primary_key=True)
        native_transaction_id = Column(XID8())
        issued_at = Column(DateTime)
        client_addr = Column(INET)

        @declared_attr
        def __table_args__(cls):
            return (
                UniqueConstraint("native_transaction_id", name="transaction_unique_native_tx_id"),
                {"schema": schema},
            )

    return TransactionBase


class VersioningManager:
    _actor_cls = None

    def __init__(self, actor_cls=None, schema_name=None, use_statement_level_triggers=True):
        if actor_cls is not None:
            self._actor_cls = actor_cls
        self.schema_name = schema_name
        self.use_statement_level_triggers = use_statement_level_triggers

    def transaction_model_factory(self, base):
        class Transaction(transaction_base(base, self.schema_name)):
            __tablename__ = "transaction"

        return Transaction

    def activity_model_factory(self, base, transaction_cls):
        class Activity(activity_base(base, self.schema_name, transaction_cls)):
            __tablename__ = "activity"

        return Activity

    def init(self, base):
        self.transaction_cls = self.transaction_model_factory(base)
        self.activity_cls = self.activity_model_factory(base, self.transaction_cls)
        manager = self

        @event.listens_for(base, "before_create")
        def before(target, connection, **kw):
            if manager.schema_name is not None:
                connection.execute(text(f"CREATE SCHEMA {manager.schema_name}"), base)
                connection.execute(text(f"REVOKE ALL ON SCHEMA {manager.schema_name} FROM public"), base)

        @event.listens_for(base, "after_create")
        def after(target, connection, **kw):
            manager.create(connection, base)

    def create(self, connection, base):
        prefix = "" if self.schema_name is None else f"{self.schema_name}."
        mappers = [mapper for registry in _all_registries() for mapper in registry.mappers]
        self.create_functions(connection, base, prefix)
        if not any(column.name == "actor_id" for column in self.transaction_cls.__table__.columns):
            kind = "TEXT"
            for mapper in mappers:
                if mapper.class_ is self._actor_cls or mapper.class_.__name__ == self._actor_cls:
                    kind = mapper.local_table.primary_key[0].type
            connection.execute(text(f"ALTER TABLE {prefix}transaction ADD COLUMN actor_id {kind}"), base)
        for mapper in mappers:
            options = getattr(mapper.class_, "__versioned__", None)
            if options is not None:
                self.audit(connection, mapper, options.get("exclude"), prefix)

    def audit(self, connection, mapper, exclude, prefix):
        table = mapper.local_table
        argument = "'{" + ",".join(exclude) + "}'" if exclude else ""
        enabled = "WHEN (get_setting('postgresql_audit.enable_versioning', 'true')::bool)"
        call = f"EXECUTE FUNCTION {prefix}create_activity({argument})"
        if not self.use_statement_level_triggers:
            connection.execute(
                text(
                    f'CREATE TRIGGER audit_trigger_row AFTER INSERT OR UPDATE OR DELETE ON "{table.name}" '
                    f"FOR EACH ROW {enabled} {call}"
                ),
                mapper.class_,
            )
            return
        old, new = "OLD TABLE AS old_table", "NEW TABLE AS new_table"
        for command, rows in (("insert", new), ("update", f"{new} {old}"), ("delete", old)):
            connection.execute(
                text(
                    f'CREATE TRIGGER audit_trigger_{command} AFTER {command.upper()} ON "{table.name}" '
                    f"REFERENCING {rows} FOR EACH STATEMENT {enabled} {call}"
                ),
                mapper.class_,
            )

    def create_functions(self, connection, base, prefix):
        connection.execute(
            text(
                "CREATE FUNCTION get_setting(setting text, default_value text) RETURNS text LANGUAGE sql AS "
                "$$ SELECT coalesce(nullif(current_setting(setting, 't'), ''), default_value) $$"
            ),
            base,
        )
        # Each row or transition table of the command goes into `activity`.
        columns = "(schema_name, table_name, relid, issued_at, native_transaction_id, verb, old_data, changed_data)"
        about = (
            "TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_RELID, statement_timestamp() AT TIME ZONE 'UTC', "
            "pg_current_xact_id(), lower(TG_OP)"
        )
        rows = {
            "INSERT": ("'{}'::jsonb", "to_jsonb(new_table.*)", "FROM new_table"),
            "UPDATE": ("to_jsonb(old_table.*)", "to_jsonb(new_table.*)", "FROM old_table, new_table"),
            "DELETE": ("to_jsonb(old_table.*)", "'{}'::jsonb", "FROM old_table"),
        }
        if not self.use_statement_level_triggers:
            rows = {
                "INSERT": ("'{}'::jsonb", "to_jsonb(NEW.*)", ""),
                "UPDATE": ("to_jsonb(OLD.*)", "to_jsonb(NEW.*)", ""),
                "DELETE": ("to_jsonb(OLD.*)", "'{}'::jsonb", ""),
            }
        body = "BEGIN "
        for command, (old, new, source) in rows.items():
            body += f"IF TG_OP = '{command}' THEN INSERT INTO {prefix}activity {columns} SELECT {about}, {old}, {new} {source}; END IF; "
        body += "RETURN NULL; END"
        connection.execute(
            text(
                f"CREATE FUNCTION {prefix}create_activity() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER "
                f"SET search_path = pg_catalog, public AS $${body}$$"
            ),
            base,
        )


versioning_manager = VersioningManager()

from alembic_utils.pg_extension import PGExtension
from alembic_utils.pg_function import PGFunction
from alembic_utils.pg_grant_table import PGGrantTable
from alembic_utils.pg_materialized_view import PGMaterializedView
from alembic_utils.pg_policy import PGPolicy
from alembic_utils.pg_trigger import PGTrigger
from alembic_utils.pg_view import PGView

PLPGSQL = """
  RETURNS trigger AS
  $$
  DECLARE x int := 5;
  BEGIN
    NEW.a := x::int;
    RETURN NEW;
  END;
  $$ LANGUAGE plpgsql;
"""


def entity(cls, **kwargs):
    made = cls(**kwargs)
    described = {"class": cls.__name__, "kwargs": {k: (list(v) if isinstance(v, list) else v) for k, v in kwargs.items()}}
    for key, run in (
        ("create", lambda: [made.to_sql_statement_create()]),
        ("replace", lambda: list(made.to_sql_statement_create_or_replace())),
        ("drop", lambda: [made.to_sql_statement_drop()]),
        ("drop_cascade", lambda: [made.to_sql_statement_drop(cascade=True)]),
    ):
        try:
            described[key] = [str(s.compile(dialect=DIALECT)) for s in run()]
        except Exception as error:
            described[key] = {"error": type(error).__name__}
    ENTITIES.append(described)


def from_sql(cls, sql):
    try:
        made = cls.from_sql(sql)
        found = [str(made.to_sql_statement_create().compile(dialect=DIALECT))]
    except Exception as error:
        found = {"error": type(error).__name__}
    ENTITIES.append({"class": cls.__name__, "sql": sql, "create": found})


entity(PGFunction, schema="public", signature="touch()", definition=PLPGSQL)
entity(PGFunction, schema="Audit", signature='"toUpper"(some_text text default \'a\', n  int)', definition="returns text as $$ select upper(some_text) || ':x' $$ language SQL;")
entity(PGFunction, schema="public", signature="f(a numeric(10, 2), b text DEFAULT 'x')", definition="RETURNS int LANGUAGE sql AS $$ SELECT 1 $$")
entity(PGFunction, schema="public", signature="no_parentheses", definition="returns int language sql as $$ select 1 $$")
entity(PGView, schema="public", signature="v", definition="select 1 as a, 'x'::text as b;")
entity(PGView, schema='"Pub lic"', signature='"V"', definition="  select to_char(now(), 'HH24:MI') as t ; ")
entity(PGMaterializedView, schema="public", signature="mv", definition="select 1;", with_data=False)
entity(PGMaterializedView, schema="s.t", signature="mv", definition="select 1")
entity(PGTrigger, schema="public", signature="trg", definition="BEFORE UPDATE ON public.account FOR EACH ROW EXECUTE FUNCTION public.touch()", on_entity="public.account")
entity(PGTrigger, schema="public", signature="trg", definition="  after insert or update of a, b\n  on account\n  for each row execute procedure f(); ", on_entity="account", is_constraint=True)
entity(PGTrigger, schema="s", signature='"Trg"', definition="INSTEAD OF DELETE ON other.v FOR EACH STATEMENT EXECUTE FUNCTION f()", on_entity='"s"."v"')
entity(PGTrigger, schema="public", signature="bad", definition="nothing", on_entity="t")
entity(PGPolicy, schema="public", signature="tenant", definition="AS PERMISSIVE FOR ALL TO app USING (tenant_id = current_setting('app.tenant')::uuid) WITH CHECK (true);", on_entity="public.account")
entity(PGPolicy, schema="public", signature="own rows", definition="for select using (a = 'x:y')", on_entity="account")
entity(PGExtension, schema="public", signature="uuid-ossp")
entity(PGExtension, schema="extensions", signature="citext")
entity(PGGrantTable, schema="public", table="account", role="app", grant="SELECT", columns=["b", "a"])
entity(PGGrantTable, schema="public", table="Account", role="App User", grant="DELETE", with_grant_option=True)
from_sql(PGFunction, "CREATE OR REPLACE FUNCTION public.f(a int)\n RETURNS int LANGUAGE sql AS $$ select a $$;")
from_sql(PGFunction, 'create function audit."toUpper"(a text) returns text as $$ select upper(a) $$ language sql')
from_sql(PGFunction, "create function f() returns int as $$ select 1 $$ language sql")
from_sql(PGFunction, "select 1")
from_sql(PGView, "CREATE OR REPLACE VIEW public.v AS SELECT 1;")
from_sql(PGView, 'create view "s"."V" (a, b) as\n select 1, 2')
from_sql(PGMaterializedView, "create materialized view public.mv as select 1 with data;")
from_sql(PGMaterializedView, "create materialized view public.mv as select 1 with no data")
from_sql(PGMaterializedView, "create materialized view public.mv as select 1")
from_sql(PGTrigger, "CREATE TRIGGER trg BEFORE INSERT ON account FOR EACH ROW EXECUTE FUNCTION f()")
from_sql(PGTrigger, "create constraint trigger trg after insert or update on s.account deferrable for each row execute function f();")
from_sql(PGPolicy, "CREATE POLICY p ON account FOR SELECT USING (true)")
from_sql(PGPolicy, 'create policy "my policy" on s.account as restrictive using (a > 1);')

r"""SQL in every form it can be given in.

Revision ID: 0050
Revises: 0040
"""
import textwrap

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy import DDL, text
from sqlalchemy.sql import quoted_name

revision = "0050"
down_revision = "0040"

VIEW = "device_overview"
LEVELS = {"low": 1, "high": 3}
TRIGGER = """
CREATE TRIGGER {table}_{suffix}
    BEFORE UPDATE ON {table}
    FOR EACH ROW WHEN (OLD.owner IS DISTINCT FROM NEW.owner)
    EXECUTE FUNCTION stamp()
"""


def upgrade():
    bind = op.get_bind()
    op.execute("CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.price := coalesce(NEW.price, 0); RETURN NEW; END $$")
    op.execute(text("CREATE INDEX ix_raw_text ON maker (country) WHERE country <> 'a\\:b'"))
    op.execute(DDL("COMMENT ON COLUMN maker.country IS '%(what)s, 100%% of it'", context={"what": "ISO 3166"}))
    bind.execute(text("CREATE INDEX ix_raw_bind ON maker (name, country)"))
    bind.exec_driver_sql("ALTER TABLE maker ADD CONSTRAINT ck_raw CHECK (name !~ '%s$')".replace("%s", "x"))
    with op.get_context().autocommit_block():
        op.execute("CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_raw_conc ON device (owner, room)")
    for table, suffix in (("device", "stamp"), ("maker", "stamp")):
        if table != "maker":
            op.execute(TRIGGER.format(table=table, suffix=suffix))
    op.execute(
        textwrap.dedent(
            f"""
            CREATE VIEW {VIEW} AS
                SELECT d.id, d.owner, m.name AS maker
                FROM device d LEFT JOIN maker m ON m.id = d.maker_id
            """
        ).strip()
    )
    op.execute("GRANT SELECT ON %s TO PUBLIC" % VIEW)
    op.execute("; ".join(f"COMMENT ON VIEW {v} IS 'seen'" for v in [VIEW]))
    checks = [f"level <> {n}" for _, n in sorted(LEVELS.items())]
    op.execute("ALTER TABLE notes ADD COLUMN level int CHECK (" + " AND ".join(checks) + ")")
    op.execute(
        """
        DO $$
        DECLARE t text;
        BEGIN
            FOREACH t IN ARRAY ARRAY['device', 'maker', 'notes'] LOOP
                EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
                EXECUTE format('CREATE POLICY %I ON %I USING (true)', t || '_open', t);
            END LOOP;
        END
        $$;
        """
    )
    op.execute("""
        ALTER TABLE notes FORCE ROW LEVEL SECURITY;
        CREATE TABLE two_in_one (id int PRIMARY KEY);
        CREATE INDEX ON two_in_one (id);
    """)
    maker = sa.table("maker", sa.column("id", sa.Integer), sa.column("country", sa.String))
    op.execute(maker.update().where(maker.c.country == op.inline_literal("UK")).values(country=op.inline_literal("GB")))
    if not context.is_offline_mode():
        rows = bind.execute(sa.select(maker.c.id)).fetchall()
        for row in rows:
            bind.execute(maker.delete().where(maker.c.id == row.id))


def downgrade():
    op.execute("DROP TABLE two_in_one")
    op.execute(f"DROP VIEW {VIEW}")
    op.execute("DROP TRIGGER device_stamp ON device")
    op.execute("DROP FUNCTION stamp()")
    for table in ("device", "maker", "notes"):
        op.execute(f"DROP POLICY {table}_open ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    op.drop_column("notes", "level")
    for index in ("ix_raw_text", "ix_raw_bind", "ix_raw_conc"):
        op.drop_index(index)
    op.drop_constraint("ck_raw", "maker")

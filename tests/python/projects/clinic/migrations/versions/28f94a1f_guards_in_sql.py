"""guards in sql

Revision ID: 28f94a1f
Revises: 17e8391e
Create Date: 2023-08-02 10:31:00.000000

"""
import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "28f94a1f"
down_revision = "17e8391e"
branch_labels = None
depends_on = None


def table_exists(conn, name, schema="public"):
    return conn.execute(
        sa.text(
            "SELECT EXISTS (SELECT 1 FROM information_schema.tables "
            "WHERE table_schema = :schema AND table_name = :name)"
        ),
        {"schema": schema, "name": name},
    ).scalar()


def column_exists(conn, table, column):
    result = conn.execute(
        sa.text(f"""
            SELECT column_name FROM information_schema.columns
            WHERE table_name='{table}' AND column_name='{column}'
        """)
    )
    return result.fetchone() is not None


def upgrade():
    conn = op.get_bind()
    if table_exists(conn, "job_errors"):
        op.drop_table("job_errors")
    if not table_exists(conn, "feature_flags"):
        op.create_table(
            "feature_flags",
            sa.Column("name", sa.String(60), primary_key=True),
            sa.Column("enabled", sa.Boolean, nullable=False, server_default=sa.text("false")),
        )
    if not column_exists(conn, "medications", "started_at"):
        op.add_column("medications", sa.Column("started_at", sa.DateTime(timezone=True)))
    if not column_exists(conn, "medications", "drug"):
        op.add_column("medications", sa.Column("drug", sa.String(400)))
    if conn.dialect.name == "sqlite":
        op.execute("PRAGMA foreign_keys = ON")
    elif conn.dialect.name == "postgresql":
        op.execute("ALTER TABLE medications ADD COLUMN IF NOT EXISTS route text DEFAULT 'oral'")
    op.execute(
        """
        DO $$ BEGIN
            IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'route_kind') THEN
                CREATE TYPE route_kind AS ENUM ('oral', 'iv', 'topical');
            END IF;
        EXCEPTION WHEN duplicate_object THEN NULL;
        END $$;
        """
    )
    op.execute("ALTER TABLE medications ALTER COLUMN route DROP DEFAULT, ALTER COLUMN route TYPE route_kind USING route::route_kind, ALTER COLUMN route SET DEFAULT 'oral'")


def downgrade():
    op.drop_column("medications", "route")
    op.execute("DROP TYPE IF EXISTS route_kind")
    op.drop_column("medications", "started_at")
    op.drop_table("feature_flags")

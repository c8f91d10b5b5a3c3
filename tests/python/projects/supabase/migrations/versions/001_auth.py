"""What the platform brings; locally it is made here."""
from alembic import op

revision = "001"
down_revision = None


def role_exists(name: str) -> bool:
    query = f"SELECT 1 FROM pg_roles WHERE rolname = '{name}'"
    return op.get_bind().exec_driver_sql(query).scalar() is not None


def upgrade() -> None:
    for role in ("anon", "authenticated", "service_role"):
        if not role_exists(role):
            op.execute(f"CREATE ROLE {role} NOLOGIN" + (" BYPASSRLS" if role == "service_role" else ""))
    op.execute("CREATE SCHEMA IF NOT EXISTS auth")
    op.execute(
        """
        CREATE TABLE IF NOT EXISTS auth.users (
            id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            email text UNIQUE,
            raw_user_meta_data jsonb,
            created_at timestamptz NOT NULL DEFAULT now()
        )
        """
    )
    op.execute(
        r"""
        CREATE OR REPLACE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql STABLE AS $$
            SELECT coalesce(nullif(current_setting('request.jwt.claims', true), ''), '{}')::jsonb
        $$;
        CREATE OR REPLACE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS $$
            SELECT (auth.jwt() ->> 'sub')::uuid
        $$;
        GRANT USAGE ON SCHEMA auth TO anon, authenticated, service_role;
        """
    )
    op.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO authenticated, service_role")


def downgrade() -> None:
    raise NotImplementedError("the platform is not taken down")

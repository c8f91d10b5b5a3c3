"""the advisor complained"""
from alembic import op

revision = "004"
down_revision = "003"

ROLES = ("anon", "authenticated")


def upgrade() -> None:
    op.execute('ALTER POLICY "Users read their own device_tokens" ON public.device_tokens TO service_role')
    op.execute('DROP POLICY IF EXISTS "Users delete their own profiles" ON profiles')
    op.execute('ALTER POLICY "Owners manage shares" ON public.shares RENAME TO "Owners manage their shares"')
    op.execute(f"REVOKE DELETE ON public.profiles FROM {', '.join(ROLES)}")
    op.execute("CREATE INDEX IF NOT EXISTS measurements_kind_idx ON public.measurements (user_id, kind)")
    op.execute("ALTER TABLE public.profiles ADD CONSTRAINT profiles_role CHECK (role IN ('patient', 'clinician')) NOT VALID")
    op.execute("ALTER TABLE public.profiles VALIDATE CONSTRAINT profiles_role")


def downgrade() -> None:
    pass

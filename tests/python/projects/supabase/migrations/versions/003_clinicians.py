"""clinicians see the journals that were shared with them"""
import sqlalchemy as sa
from alembic import op

from migrations.policies import enable, policy

revision = "003"
down_revision = "002"

IS_CLINICIAN = "(auth.jwt() -> 'app_metadata' ->> 'role') = 'clinician'"
SHARED = """
EXISTS (
    SELECT 1 FROM public.shares s
    WHERE s.owner_id = {table}.user_id
      AND s.clinician_id = (SELECT auth.uid())
      AND (s.expires_at IS NULL OR s.expires_at > now())
)
"""


def upgrade() -> None:
    op.create_table(
        "shares",
        sa.Column("owner_id", sa.UUID(), sa.ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("clinician_id", sa.UUID(), sa.ForeignKey("profiles.id"), primary_key=True, index=True),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True)),
        sa.CheckConstraint("owner_id <> clinician_id", name="shares_not_self"),
    )
    enable("shares")
    policy("shares", "Owners manage shares", using="owner_id = auth.uid()", check="owner_id = auth.uid()")
    policy("shares", "Clinicians see their shares", "SELECT", using="clinician_id = auth.uid()")
    for table in ["journal_entries", "measurements"]:
        policy(
            table,
            f"Clinicians read shared {table.replace('_', ' ')}",
            "SELECT",
            using=f"{IS_CLINICIAN} AND {SHARED.format(table=table).strip()}",
        )
    op.execute(
        """
        CREATE POLICY "No writes while suspended" ON public.journal_entries
            AS RESTRICTIVE FOR INSERT TO authenticated
            WITH CHECK (NOT coalesce((auth.jwt() ->> 'suspended')::boolean, false))
        """
    )
    op.execute("REVOKE ALL ON public.shares FROM anon")
    op.execute("REVOKE EXECUTE ON FUNCTION public.handle_new_user() FROM PUBLIC")


def downgrade() -> None:
    op.drop_table("shares")

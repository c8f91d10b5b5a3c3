"""memberships

Revision ID: c293e419
Revises: b182d318
Create Date: 2023-02-14 10:25:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy import Enum

# revision identifiers, used by Alembic.
revision = "c293e419"
down_revision = "b182d318"
branch_labels = None
depends_on = None


kind = Enum("owner", "clinician", "front_desk", name="membership_kind")


def upgrade():
    kind.create(op.get_bind(), checkfirst=False)
    op.execute(
        """
        CREATE TABLE memberships (
            organisation_id uuid NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
            user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            kind membership_kind NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now(),
            updated_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_memberships PRIMARY KEY (organisation_id, user_id)
        );
        INSERT INTO memberships (organisation_id, user_id, kind)
        SELECT o.id, u.id, 'owner' FROM organisations o CROSS JOIN users u WHERE u.email LIKE '%@example.org';
        """
    )


def downgrade():
    op.drop_table("memberships")
    kind.drop(op.get_bind())

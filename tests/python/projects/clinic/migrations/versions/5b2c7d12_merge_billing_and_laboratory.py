"""merge billing and laboratory

Revision ID: 5b2c7d12
Revises: 28f94a0f, 4a1b6c11
Create Date: 2023-07-19 10:18:00.000000

"""
import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "5b2c7d12"
down_revision = ("28f94a0f", "4a1b6c11")
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass

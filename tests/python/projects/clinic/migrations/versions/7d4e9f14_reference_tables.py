"""reference tables

Revision ID: 7d4e9f14
Revises: 6c3d8e13
Create Date: 2023-09-06 10:20:00.000000

"""
import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "7d4e9f14"
down_revision = "6c3d8e13"
branch_labels = None
depends_on = None


COUNTRIES = [("AT", "Austria"), ("CH", "Switzerland"), ("DE", "Germany")]


def upgrade():
    countries = op.create_table(
        "countries",
        sa.Column("code", sa.String(2), primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
    )
    op.create_table(
        "languages",
        sa.Column("code", sa.String(3), primary_key=True),
        sa.Column("right_to_left", sa.Boolean(), nullable=False, server_default="false"),
    )
    op.bulk_insert(countries, [dict(code=code, name=name) for code, name in COUNTRIES])
    op.execute(sa.table("languages", sa.column("code")).insert().values([{"code": "deu"}, {"code": "ara"}]))


def downgrade():
    op.drop_table("languages")
    op.drop_table("countries")

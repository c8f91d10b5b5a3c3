"""times have zones

Revision ID: a071c217
Revises: 9f60b116
Create Date: 2023-12-27 10:23:00.000000

"""
import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "a071c217"
down_revision = "9f60b116"
branch_labels = None
depends_on = None


CHANGES = {
    "encounters": ("starts_at", "ends_at"),
}


def upgrade():
    # The index holds the old type; it is made anew below.
    op.execute("DROP INDEX IF EXISTS idx_encounters_open")
    for table, columns in CHANGES.items():
        for column in columns:
            op.alter_column(
                table,
                column,
                existing_type=sa.DateTime(),
                type_=sa.DateTime(timezone=True),
                postgresql_using=f"{column} AT TIME ZONE 'Europe/Berlin'",
            )
    op.create_index(
        "idx_encounters_open",
        "encounters",
        ["organisation_id", "starts_at"],
        postgresql_where=sa.text("status NOT IN ('finished', 'cancelled')"),
    )


def downgrade():
    op.drop_index("idx_encounters_open", "encounters")
    for table, columns in CHANGES.items():
        for column in columns:
            op.alter_column(table, column, type_=sa.DateTime(), postgresql_using=f"{column} AT TIME ZONE 'Europe/Berlin'")

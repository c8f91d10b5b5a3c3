"""who did it

Revision ID: e4b5061b
Revises: d3a4f51a
Create Date: 2023-04-01 10:27:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision = "e4b5061b"
down_revision = "d3a4f51a"
branch_labels = None
depends_on = None


class Actor:
    """A column that says who, and the key it needs."""

    def __init__(self, table, column="created_by"):
        self.table = table
        self.column = column

    @property
    def name(self):
        return f"fk_{self.table}_{self.column}_users"

    def add(self):
        op.add_column(self.table, sa.Column(self.column, postgresql.UUID(as_uuid=True), nullable=True))
        op.create_foreign_key(self.name, self.table, "users", [self.column], ["id"], ondelete="SET NULL")

    def remove(self):
        op.drop_constraint(self.name, self.table, type_="foreignkey")
        op.drop_column(self.table, self.column)


ACTORS = [Actor(table) for table in sorted({"patients", "encounters", "notes", "diagnoses", "invoices"})]


def upgrade():
    for actor in ACTORS:
        actor.add()


def downgrade():
    for actor in reversed(ACTORS):
        actor.remove()

"""lab results are checked

Revision ID: 4a1b6c11
Revises: 390a5b10
Create Date: 2023-06-12 10:17:00.000000

"""
import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "4a1b6c11"
down_revision = "390a5b10"
branch_labels = None
depends_on = None


COLUMNS = ["loinc", "taken_at"]


def upgrade():
    op.create_check_constraint("ck_lab_results_has_value", "lab_results", "value IS NOT NULL OR text_value IS NOT NULL")
    for i, column in enumerate(COLUMNS, start=1):
        op.create_index(f"ix_lab_results_{i}_{column}", "lab_results", [column])
    for (table, trigger), events in zip(
        [("lab_results", "audit_lab_results"), ("medications", "audit_medications")],
        ["INSERT OR UPDATE OR DELETE", "UPDATE OR DELETE"],
    ):
        op.execute(f"CREATE TRIGGER {trigger} AFTER {events} ON {table} FOR EACH ROW EXECUTE FUNCTION audit_row()")


def downgrade():
    for table in ("medications", "lab_results"):
        op.execute(f"DROP TRIGGER audit_{table} ON {table}")
    for i, column in enumerate(COLUMNS, start=1):
        op.drop_index(f"ix_lab_results_{i}_{column}")
    op.drop_constraint("ck_lab_results_has_value", "lab_results")

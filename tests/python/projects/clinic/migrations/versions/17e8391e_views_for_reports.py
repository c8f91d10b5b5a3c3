"""views for reports

Revision ID: 17e8391e
Revises: 06d7281d
Create Date: 2023-07-22 10:30:00.000000

"""
import sqlalchemy as sa
from alembic import op
from textwrap import dedent

# revision identifiers, used by Alembic.
revision = "17e8391e"
down_revision = "06d7281d"
branch_labels = None
depends_on = None


VIEWS = {
    "v_open_encounters": """
        SELECT e.id, e.organisation_id, e.starts_at, p.family_name
        FROM encounters e
        JOIN patients p ON p.id = e.patient_id
        WHERE e.deleted_at IS NULL AND e.status <> 'cancelled'
    """,
    "v_revenue": """
        SELECT organisation_id, date_trunc('month', created_at) AS month, sum(total) AS total
        FROM invoices
        GROUP BY 1, 2
    """,
}


def upgrade():
    for name, query in VIEWS.items():
        op.execute(f"CREATE VIEW {name} WITH (security_invoker = true) AS {dedent(query).strip()}")
    op.execute("CREATE MATERIALIZED VIEW mv_revenue AS SELECT * FROM v_revenue WITH NO DATA")
    op.execute("CREATE UNIQUE INDEX ON mv_revenue (organisation_id, month)")


def downgrade():
    op.execute("DROP MATERIALIZED VIEW mv_revenue")
    for name in reversed(list(VIEWS)):
        op.execute(f"DROP VIEW {name}")

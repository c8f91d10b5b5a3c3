"""phones and sealed numbers

Revision ID: 9f60b116
Revises: 8e5fa015
Create Date: 2023-11-20 10:22:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision = "9f60b116"
down_revision = "8e5fa015"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("patients", schema=None) as batch_op:
        batch_op.add_column(sa.Column("phones", postgresql.ARRAY(sa.String(length=32)), nullable=True))
        batch_op.add_column(sa.Column("ssn_sealed", sa.LargeBinary(), nullable=True))
        batch_op.create_unique_constraint("uq_patients_mrn", ["organisation_id", "mrn"])
        batch_op.create_check_constraint("ck_patients_born", "born_on <= CURRENT_DATE")
    op.execute("UPDATE patients SET ssn_sealed = convert_to(ssn, 'UTF8')")
    with op.batch_alter_table("patients") as batch_op:
        batch_op.drop_column("ssn")
        batch_op.alter_column("ssn_sealed", new_column_name="ssn", existing_type=sa.LargeBinary())


def downgrade():
    op.alter_column("patients", "ssn", type_=sa.String(11), postgresql_using="convert_from(ssn, 'UTF8')")
    op.drop_column("patients", "phones")

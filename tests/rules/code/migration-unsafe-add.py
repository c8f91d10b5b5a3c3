# case: NOT NULL without a default
# expect: warning migration-unsafe-add:patients.phone
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.add_column("patients", sa.Column("phone", sa.Text, nullable=False))
def downgrade():
    op.drop_column("patients", "phone")

# case: by SQL
# expect: warning migration-unsafe-add:patients.phone
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.execute("ALTER TABLE patients ADD COLUMN phone text NOT NULL")
def downgrade():
    op.drop_column("patients", "phone")

# case: in a batch
# expect: warning migration-unsafe-add:patients.phone
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    with op.batch_alter_table("patients") as batch:
        batch.add_column(sa.Column("phone", sa.Text(), nullable=False))
def downgrade():
    op.drop_column("patients", "phone")

# case: two in a loop
# expect: warning migration-unsafe-add:patients.a
# expect: warning migration-unsafe-add:patients.b
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    for name in ("a", "b"):
        op.add_column("patients", sa.Column(name, sa.Text, nullable=False))
def downgrade():
    op.drop_column("patients", "a")
    op.drop_column("patients", "b")

# case: forbidden before it is filled
# expect: warning migration-unsafe-add:patients.phone
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.add_column("patients", sa.Column("phone", sa.Text))
    op.alter_column("patients", "phone", nullable=False)
def downgrade():
    op.drop_column("patients", "phone")

# case: a default that comes afterwards fills no rows
# expect: warning migration-unsafe-add:patients.phone
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.add_column("patients", sa.Column("phone", sa.Text))
    op.alter_column("patients", "phone", server_default="")
    op.alter_column("patients", "phone", nullable=False)
def downgrade():
    op.drop_column("patients", "phone")

# case: a default of the program is none of the server
# expect: warning migration-unsafe-add:patients.phone
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.add_column("patients", sa.Column("phone", sa.Text, default="", nullable=False))
def downgrade():
    op.drop_column("patients", "phone")

# case: filled too late
# expect: warning migration-unsafe-add:patients.phone
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.add_column("patients", sa.Column("phone", sa.Text, nullable=False))
    op.execute("UPDATE patients SET phone = ''")
def downgrade():
    op.drop_column("patients", "phone")

# case: indexes are built beside
# success: migration-unsafe-add Indexes
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", *[sa.Column(name, sa.Text) for name in ("a", "b", "c")])
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    with op.get_context().autocommit_block():
        for name in ("a", "b", "c"):
            op.create_index(f"patients_{name}", "patients", [name], postgresql_concurrently=True)
def downgrade():
    for name in ("a", "b", "c"):
        op.drop_index(f"patients_{name}")

# case: a default of the server
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.add_column("patients", sa.Column("phone", sa.Text, server_default="", nullable=False))
def downgrade():
    op.drop_column("patients", "phone")

# case: it takes NULL
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.add_column("patients", sa.Column("a", sa.Text))
def downgrade():
    op.drop_column("patients", "a")

# case: a table of the same revision
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
    op.add_column("patients", sa.Column("phone", sa.Text, nullable=False))
def downgrade():
    op.drop_table("patients")

# case: filled in between
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.add_column("patients", sa.Column("phone", sa.Text))
    op.execute("UPDATE patients SET phone = ''")
    op.alter_column("patients", "phone", nullable=False)
def downgrade():
    op.drop_column("patients", "phone")

# case: filled by a session
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import Session
revision = "2"
down_revision = "1"
def upgrade():
    op.add_column("patients", sa.Column("phone", sa.Text))
    session = Session(bind=op.get_bind())
    session.execute(sa.table("patients", sa.column("phone")).update().values(phone=""))
    session.commit()
    op.alter_column("patients", "phone", nullable=False)
def downgrade():
    op.drop_column("patients", "phone")

# case: forbidden by a later revision
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.add_column("patients", sa.Column("a", sa.Text))
def downgrade():
    op.drop_column("patients", "a")
# file: versions/3.py
import sqlalchemy as sa
from alembic import op
revision = "3"
down_revision = "2"
def upgrade():
    op.alter_column("patients", "a", nullable=False)
def downgrade():
    op.alter_column("patients", "a", nullable=True)

# case: the table was emptied
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.execute("TRUNCATE patients")
    op.add_column("patients", sa.Column("phone", sa.Text, nullable=False))
def downgrade():
    op.drop_column("patients", "phone")

# case: all rows were deleted
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.execute("DELETE FROM patients")
    op.add_column("patients", sa.Column("phone", sa.Text, nullable=False))
def downgrade():
    op.drop_column("patients", "phone")

# case: rows were deleted in a WITH
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.execute("WITH gone AS (DELETE FROM patients RETURNING id) INSERT INTO removed SELECT id FROM gone")
    op.add_column("patients", sa.Column("phone", sa.Text, nullable=False))
def downgrade():
    op.drop_column("patients", "phone")

# case: a comment says that rows are deleted
# expect: warning migration-unsafe-add:patients.phone
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.execute("/* DELETE FROM patients */ UPDATE patients SET name = upper(name)")
    op.add_column("patients", sa.Column("phone", sa.Text, nullable=False))
def downgrade():
    op.drop_column("patients", "phone")

# case: a string says that the table is emptied
# expect: warning migration-unsafe-add:patients.phone
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.execute("INSERT INTO log VALUES ('TRUNCATE patients')")
    op.add_column("patients", sa.Column("phone", sa.Text, nullable=False))
def downgrade():
    op.drop_column("patients", "phone")

# case: some rows were deleted in a WITH
# expect: warning migration-unsafe-add:patients.phone
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.execute("WITH gone AS (DELETE FROM patients WHERE name IS NULL RETURNING id) INSERT INTO removed SELECT id FROM gone")
    op.add_column("patients", sa.Column("phone", sa.Text, nullable=False))
def downgrade():
    op.drop_column("patients", "phone")

# case: another table is named in a comment after WHERE
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.execute("DELETE FROM patients -- WHERE name IS NULL")
    op.add_column("patients", sa.Column("phone", sa.Text, nullable=False))
def downgrade():
    op.drop_column("patients", "phone")

# case: it makes its values itself
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.add_column("patients", sa.Column("number", sa.BigInteger, sa.Identity(), nullable=False))
    op.add_column("patients", sa.Column("size", sa.Integer, sa.Computed("length(name)"), nullable=False))
def downgrade():
    op.drop_column("patients", "size")
    op.drop_column("patients", "number")

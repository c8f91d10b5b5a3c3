# case: whether the table is there
# expect: warning migration-environment-dependent:1
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    inspector = sa.inspect(op.get_bind())
    if not inspector.has_table("patients"):
        op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")

# case: whether the column is there
# expect: warning migration-environment-dependent:2
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
    inspector = sa.inspect(op.get_bind())
    names = [column["name"] for column in inspector.get_columns("patients")]
    if "phone" not in names:
        op.add_column("patients", sa.Column("phone", sa.Text))
def downgrade():
    op.drop_column("patients", "phone")

# case: all is there already
# expect: warning migration-environment-dependent:2
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
    inspector = sa.inspect(op.get_bind())
    if not inspector.has_table("patients"):
        op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    pass

# case: IF NOT EXISTS in SQL
# expect: warning migration-environment-dependent:1
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.execute("CREATE TABLE IF NOT EXISTS patients (id integer PRIMARY KEY)")
def downgrade():
    op.drop_table("patients")

# case: ADD COLUMN IF NOT EXISTS
# expect: warning migration-environment-dependent:2
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
    op.execute("ALTER TABLE patients ADD COLUMN IF NOT EXISTS phone text")
def downgrade():
    op.drop_column("patients", "phone")

# case: if_not_exists of an operation
# expect: warning migration-environment-dependent:2
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
    op.create_index("patients_name", "patients", ["name"], if_not_exists=True)
def downgrade():
    op.drop_index("patients_name")

# case: a query over information_schema
# expect: warning migration-environment-dependent:2
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
    found = op.get_bind().execute(sa.text(
        "SELECT 1 FROM information_schema.columns WHERE table_name = 'patients' AND column_name = 'phone'"
    )).first()
    if not found:
        op.add_column("patients", sa.Column("phone", sa.Text))
def downgrade():
    op.drop_column("patients", "phone")

# case: a DO block that looks for a policy
# expect: warning migration-environment-dependent:2
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
    op.execute("""
        DO $$ BEGIN
            IF NOT EXISTS (SELECT 1 FROM pg_policies WHERE policyname = 'own') THEN
                CREATE POLICY own ON patients USING (true);
            END IF;
        END $$
    """)
def downgrade():
    op.execute("DROP POLICY own ON patients")

# case: a helper from another file
# expect: warning migration-environment-dependent:2
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
from helpers import has_column
revision = "2"
down_revision = "1"
def upgrade():
    if not has_column("patients", "phone"):
        op.add_column("patients", sa.Column("phone", sa.Text))
def downgrade():
    op.drop_column("patients", "phone")
# file: helpers.py
import sqlalchemy as sa
from alembic import op
def has_column(table, name):
    return name in [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]

# case: checkfirst of a table
# expect: warning migration-environment-dependent:1
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    table = sa.Table("patients", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True))
    table.create(op.get_bind(), checkfirst=True)
def downgrade():
    op.drop_table("patients")

# case: an argument of the command line
# expect: warning migration-environment-dependent:2
# loads: no, the condition is noted
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
from alembic import context, op
revision = "2"
down_revision = "1"
def upgrade():
    if context.get_x_argument(as_dictionary=True).get("phones"):
        op.add_column("patients", sa.Column("phone", sa.Text))
def downgrade():
    op.drop_column("patients", "phone")

# case: a variable of the environment
# expect: warning migration-environment-dependent:2
# loads: no, the condition is noted
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
import os
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    if os.environ.get("PHONES"):
        op.add_column("patients", sa.Column("phone", sa.Text))
def downgrade():
    op.drop_column("patients", "phone")

# case: several questions are one finding
# expect: warning migration-environment-dependent:1
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    inspector = sa.inspect(op.get_bind())
    if not inspector.has_table("patients"):
        op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
    if not inspector.has_table("visits"):
        op.execute("CREATE TABLE IF NOT EXISTS visits (id integer)")
def downgrade():
    op.drop_table("patients")
    op.drop_table("visits")

# case: no question
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")

# case: DROP IF EXISTS
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
    op.execute("DROP INDEX IF EXISTS patients_phone")
    op.execute("ALTER TABLE patients DROP COLUMN IF EXISTS name")
def downgrade():
    op.add_column("patients", sa.Column("name", sa.Text))

# case: if_exists of an operation
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
    op.drop_column("patients", "name", if_exists=True)
def downgrade():
    op.add_column("patients", sa.Column("name", sa.Text))

# case: an extension and a schema
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.execute("CREATE EXTENSION IF NOT EXISTS pgcrypto")
    op.execute("CREATE SCHEMA IF NOT EXISTS audit")
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")

# case: a type in a DO block
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.execute("""
        DO $$ BEGIN
            IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'sex') THEN
                CREATE TYPE sex AS ENUM ('f', 'm');
            END IF;
        END $$
    """)
def downgrade():
    op.execute("DROP TYPE sex")

# case: checkfirst of a type
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    sa.Enum("f", "m", name="sex").create(op.get_bind(), checkfirst=True)
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")
    op.execute("DROP TYPE sex")

# case: a lock is no question
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.execute("SELECT pg_advisory_xact_lock(42)")
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")

# case: a question after the last change
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
    assert sa.inspect(op.get_bind()).has_table("patients")
def downgrade():
    op.drop_table("patients")

# case: a question before rows are written
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
    inspector = sa.inspect(op.get_bind())
    if inspector.has_table("patients"):
        op.execute("UPDATE patients SET name = '' WHERE name IS NULL")
def downgrade():
    pass

# case: a question on the way back
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    inspector = sa.inspect(op.get_bind())
    if inspector.has_table("patients"):
        op.drop_table("patients")

# case: a table of its own named tables
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("tables", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("SELECT id FROM tables")
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")
    op.drop_table("tables")

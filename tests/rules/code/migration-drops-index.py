# case: made by SQL, dropped by an operation
# expect: warning migration-drops-index:patients:patients_name
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
    op.execute("CREATE INDEX patients_name ON patients (lower(name))")
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.drop_index("patients_name", table_name="patients")
def downgrade():
    op.execute("CREATE INDEX patients_name ON patients (lower(name))")

# case: as autogenerate writes it
# expect: warning migration-drops-index:patients:patients_trgm
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.execute("CREATE EXTENSION pg_trgm")
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
    op.execute("CREATE INDEX patients_trgm ON patients USING gin (name gin_trgm_ops)")
def downgrade():
    op.drop_table("patients")
    op.execute("DROP EXTENSION pg_trgm")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.add_column("patients", sa.Column("a", sa.Text))
    op.drop_index("patients_trgm", table_name="patients", postgresql_using="gin")
def downgrade():
    op.execute("CREATE INDEX patients_trgm ON patients USING gin (name gin_trgm_ops)")
    op.drop_column("patients", "a")

# case: made by a loop over SQL
# expect: warning migration-drops-index:patients:patients_given_ix
# expect: warning migration-drops-index:patients:patients_name_ix
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text), sa.Column("given", sa.Text))
    for name in ("name", "given"):
        op.execute(f"CREATE INDEX patients_{name}_ix ON patients ({name} DESC)")
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.drop_index("patients_name_ix")
    op.drop_index("patients_given_ix")
def downgrade():
    op.execute("CREATE INDEX patients_given_ix ON patients (given DESC)")
    op.execute("CREATE INDEX patients_name_ix ON patients (name DESC)")

# case: made in a DO block
# expect: warning migration-drops-index:patients:patients_name
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
    op.execute("DO $$ BEGIN CREATE INDEX patients_name ON patients (name); END $$")
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.drop_index("patients_name", table_name="patients")
def downgrade():
    op.execute("CREATE INDEX patients_name ON patients (name)")

# case: dropped twice, and back in between
# expect: warning migration-drops-index:patients:patients_name
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
    op.execute("CREATE INDEX patients_name ON patients (lower(name))")
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.drop_index("patients_name", table_name="patients")
def downgrade():
    op.execute("CREATE INDEX patients_name ON patients (lower(name))")
# file: versions/3.py
import sqlalchemy as sa
from alembic import op
revision = "3"
down_revision = "2"
def upgrade():
    op.execute("CREATE INDEX patients_name ON patients (lower(name))")
def downgrade():
    op.drop_index("patients_name", table_name="patients")
# file: versions/4.py
import sqlalchemy as sa
from alembic import op
revision = "4"
down_revision = "3"
def upgrade():
    op.drop_index("patients_name", table_name="patients")
def downgrade():
    op.execute("CREATE INDEX patients_name ON patients (lower(name))")

# case: what replaces it begins with another column
# expect: warning migration-drops-index:patients:patients_name
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
    op.execute("CREATE INDEX patients_name ON patients (name)")
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.drop_index("patients_name", table_name="patients")
    op.create_index("patients_id_name", "patients", ["id", "name"])
def downgrade():
    op.drop_index("patients_id_name")
    op.execute("CREATE INDEX patients_name ON patients (name)")

# case: nothing is dropped
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
    op.execute("CREATE INDEX patients_name ON patients (lower(name))")
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

# case: dropped by SQL
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
    op.execute("CREATE INDEX patients_name ON patients (lower(name))")
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.execute("DROP INDEX patients_name")
def downgrade():
    op.execute("CREATE INDEX patients_name ON patients (lower(name))")

# case: made by an operation
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
    op.create_index("patients_name", "patients", ["name"])
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.drop_index("patients_name", table_name="patients")
def downgrade():
    op.create_index("patients_name", "patients", ["name"])

# case: it comes back
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
    op.execute("CREATE INDEX patients_name ON patients (lower(name))")
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.drop_index("patients_name", table_name="patients")
def downgrade():
    op.execute("CREATE INDEX patients_name ON patients (lower(name))")
# file: versions/3.py
import sqlalchemy as sa
from alembic import op
revision = "3"
down_revision = "2"
def upgrade():
    op.execute("CREATE INDEX patients_name ON patients (lower(name))")
def downgrade():
    op.drop_index("patients_name", table_name="patients")

# case: a wider one replaces it
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
    op.execute("CREATE INDEX patients_name ON patients (name)")
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.drop_index("patients_name", table_name="patients")
    op.create_index("patients_name_id", "patients", ["name", "id"])
def downgrade():
    op.drop_index("patients_name_id")
    op.execute("CREATE INDEX patients_name ON patients (name)")

# case: one of the same expression under another name
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
    op.execute("CREATE INDEX patients_name ON patients (lower(name))")
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.drop_index("patients_name", table_name="patients")
    op.create_index("patients_lower", "patients", [sa.text("lower(name)")])
def downgrade():
    op.drop_index("patients_lower")
    op.execute("CREATE INDEX patients_name ON patients (lower(name))")

# case: a unique constraint replaces it
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
    op.execute("CREATE INDEX patients_name ON patients (name)")
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.drop_index("patients_name", table_name="patients")
    op.create_unique_constraint("patients_name_key", "patients", ["name"])
def downgrade():
    op.drop_constraint("patients_name_key", "patients")
    op.execute("CREATE INDEX patients_name ON patients (name)")

# case: its column goes, too
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
    op.execute("CREATE INDEX patients_name ON patients (name)")
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.drop_index("patients_name", table_name="patients")
    op.drop_column("patients", "name")
def downgrade():
    op.add_column("patients", sa.Column("name", sa.Text))
    op.execute("CREATE INDEX patients_name ON patients (name)")

# case: its table goes later
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
    op.execute("CREATE INDEX patients_name ON patients (lower(name))")
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.drop_index("patients_name", table_name="patients")
def downgrade():
    op.execute("CREATE INDEX patients_name ON patients (lower(name))")
# file: versions/3.py
import sqlalchemy as sa
from alembic import op
revision = "3"
down_revision = "2"
def upgrade():
    op.drop_table("patients")
def downgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))

# case: made and dropped by one revision
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
    op.execute("CREATE INDEX patients_name ON patients (name)")
    op.drop_index("patients_name", table_name="patients")
def downgrade():
    pass

# case: no downgrade
# expect: warning migration-irreversible:1
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))

# case: a downgrade that does nothing
# expect: warning migration-irreversible:1
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    pass

# case: a type stays
# expect: warning migration-irreversible:1
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table(
        "patients",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sex", sa.Enum("f", "m", name="sex")),
    )
def downgrade():
    op.drop_table("patients")

# case: NOT NULL stays
# expect: warning migration-irreversible:2
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
    op.alter_column("patients", "name", nullable=False)
    op.create_index("patients_name", "patients", ["name"])
def downgrade():
    op.drop_index("patients_name")

# case: row security stays
# expect: warning migration-irreversible:2
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
    op.execute("ALTER TABLE patients ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY own ON patients USING (true)")
def downgrade():
    op.execute("DROP POLICY own ON patients")

# case: another column is dropped
# expect: warning migration-irreversible:2
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
def downgrade():
    op.drop_column("patients", "name")

# case: it refuses
# expect: info migration-irreversible:2
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
    op.drop_column("patients", "name")
def downgrade():
    raise NotImplementedError("names are gone")

# case: on a condition that is not decided
# undecided: migration-irreversible 2
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
    op.add_column("patients", sa.Column("a", sa.Text))
def downgrade():
    if os.environ.get("BACK"):
        op.drop_column("patients", "a")

# case: none of five
# expect: warning migration-irreversible:downgrades
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    pass
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.add_column("patients", sa.Column("c2", sa.Text))
# file: versions/3.py
import sqlalchemy as sa
from alembic import op
revision = "3"
down_revision = "2"
def upgrade():
    op.add_column("patients", sa.Column("c3", sa.Text))
def downgrade():
    pass
# file: versions/4.py
import sqlalchemy as sa
from alembic import op
revision = "4"
down_revision = "3"
def upgrade():
    op.add_column("patients", sa.Column("c4", sa.Text))
# file: versions/5.py
import sqlalchemy as sa
from alembic import op
revision = "5"
down_revision = "4"
def upgrade():
    op.add_column("patients", sa.Column("c5", sa.Text))
def downgrade():
    pass

# case: one of five
# expect: warning migration-irreversible:2
# expect: warning migration-irreversible:3
# expect: warning migration-irreversible:4
# expect: warning migration-irreversible:5
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
    op.add_column("patients", sa.Column("c2", sa.Text))
# file: versions/3.py
import sqlalchemy as sa
from alembic import op
revision = "3"
down_revision = "2"
def upgrade():
    op.add_column("patients", sa.Column("c3", sa.Text))
def downgrade():
    pass
# file: versions/4.py
import sqlalchemy as sa
from alembic import op
revision = "4"
down_revision = "3"
def upgrade():
    op.add_column("patients", sa.Column("c4", sa.Text))
# file: versions/5.py
import sqlalchemy as sa
from alembic import op
revision = "5"
down_revision = "4"
def upgrade():
    op.add_column("patients", sa.Column("c5", sa.Text))
def downgrade():
    pass

# case: three of three
# success: migration-irreversible Downgrades
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
    op.add_column("patients", sa.Column("b", sa.Text))
def downgrade():
    op.drop_column("patients", "b")

# case: constraints with names
# success: migration-irreversible Constraints
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table(
        "patients",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.Text),
        sa.Column("first", sa.Integer),
        sa.UniqueConstraint("code", name="patients_code"),
        sa.CheckConstraint("code <> ''", name="patients_code_filled"),
        sa.ForeignKeyConstraint(["first"], ["patients.id"], name="patients_first"),
    )
def downgrade():
    op.drop_table("patients")

# case: the way back
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")

# case: rows alone
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
    op.execute("UPDATE patients SET name = upper(name)")
def downgrade():
    pass

# case: rows alone and no downgrade
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
    op.execute("DELETE FROM patients WHERE name IS NULL")

# case: a value of an enumeration cannot be taken back
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.execute("CREATE TYPE sex AS ENUM ('f')")
def downgrade():
    op.execute("DROP TYPE sex")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.execute("ALTER TYPE sex ADD VALUE 'm'")
def downgrade():
    pass

# case: the table takes its indexes along
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

# case: undone by a loop in a helper
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
NAMES = ["a", "b"]
def each(act):
    for name in NAMES:
        act(name)
def upgrade():
    for name in NAMES:
        op.add_column("patients", sa.Column(name, sa.Text))
def downgrade():
    each(lambda name: op.drop_column("patients", name))

# case: a merge does nothing
# success: migration-irreversible Downgrades
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
down_revision = "1"
def upgrade():
    op.add_column("patients", sa.Column("b", sa.Text))
def downgrade():
    op.drop_column("patients", "b")
# file: versions/4.py
import sqlalchemy as sa
from alembic import op
revision = "4"
down_revision = ("2", "3")
def upgrade():
    pass

# case: dropped and made again as it was
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
    op.drop_index("patients_name")
def downgrade():
    op.create_index("patients_name", "patients", ["name"])

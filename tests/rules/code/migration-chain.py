# case: two heads
# expect: critical migration-chain:heads
# loads: no, the graph is noted
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

# case: two first revisions
# expect: critical migration-chain:heads
# loads: no, the graph is noted
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
down_revision = None
def upgrade():
    op.create_table("visits", sa.Column("id", sa.Integer, primary_key=True))
def downgrade():
    op.drop_table("visits")

# case: each head has a label
# expect: info migration-chain:heads
# loads: no, the graph is noted
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
branch_labels = ("a",)
def upgrade():
    op.add_column("patients", sa.Column("a", sa.Text))
def downgrade():
    op.drop_column("patients", "a")
# file: versions/3.py
import sqlalchemy as sa
from alembic import op
revision = "3"
down_revision = "1"
branch_labels = ("b",)
def upgrade():
    op.add_column("patients", sa.Column("b", sa.Text))
def downgrade():
    op.drop_column("patients", "b")

# case: a label further down the branch
# expect: info migration-chain:heads
# loads: no, the graph is noted
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
branch_labels = "a"
def upgrade():
    op.add_column("patients", sa.Column("a", sa.Text))
def downgrade():
    op.drop_column("patients", "a")
# file: versions/4.py
import sqlalchemy as sa
from alembic import op
revision = "4"
down_revision = "2"
def upgrade():
    op.add_column("patients", sa.Column("c", sa.Text))
def downgrade():
    op.drop_column("patients", "c")
# file: versions/3.py
import sqlalchemy as sa
from alembic import op
revision = "3"
down_revision = "1"
branch_labels = "b"
def upgrade():
    op.add_column("patients", sa.Column("b", sa.Text))
def downgrade():
    op.drop_column("patients", "b")

# case: the heads share the label of the first revision
# expect: critical migration-chain:heads
# loads: no, the graph is noted
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
branch_labels = ("all",)
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

# case: one of two heads has a label
# expect: critical migration-chain:heads
# loads: no, the graph is noted
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
branch_labels = ("a",)
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

# case: a revision between others is missing
# expect: critical migration-chain:3
# loads: no, the graph is noted
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
down_revision = "2b"
def upgrade():
    op.add_column("patients", sa.Column("b", sa.Text))
def downgrade():
    op.drop_column("patients", "b")

# case: the beginning of the chain was not given
# undecided: migration-chain 8
# loads: no, the graph is noted
# file: versions/8.py
import sqlalchemy as sa
from alembic import op
revision = "8"
down_revision = "7"
def upgrade():
    op.create_table("visits", sa.Column("id", sa.Integer, primary_key=True))
def downgrade():
    op.drop_table("visits")

# case: a dependency is missing
# expect: critical migration-chain:2
# loads: no, the graph is noted
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
depends_on = "elsewhere"
def upgrade():
    op.add_column("patients", sa.Column("a", sa.Text))
def downgrade():
    op.drop_column("patients", "a")

# case: two revisions follow each other
# expect: critical migration-chain:2
# loads: no, the graph is noted
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
down_revision = "3"
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

# case: a revision follows itself
# expect: critical migration-chain:2
# loads: no, the graph is noted
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
down_revision = "2"
def upgrade():
    op.add_column("patients", sa.Column("a", sa.Text))
def downgrade():
    op.drop_column("patients", "a")

# case: one identifier in two files
# expect: critical migration-chain:2
# loads: no, the graph is noted
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
# file: versions/2_again.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.add_column("patients", sa.Column("b", sa.Text))
def downgrade():
    op.drop_column("patients", "b")

# case: what it follows is not known
# undecided: migration-chain 2
# loads: no, the graph is noted
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
down_revision = os.environ["AFTER"]
def upgrade():
    op.add_column("patients", sa.Column("a", sa.Text))
def downgrade():
    op.drop_column("patients", "a")

# case: three in a row
# success: migration-chain Chain
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

# case: two in a row
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

# case: names of files in another order
# file: versions/z.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")
# file: versions/a.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.add_column("patients", sa.Column("a", sa.Text))
def downgrade():
    op.drop_column("patients", "a")

# case: the beginning of an identifier
# file: versions/abcdef12.py
import sqlalchemy as sa
from alembic import op
revision = "abcdef12"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
def downgrade():
    op.drop_table("patients")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "abcd"
def upgrade():
    op.add_column("patients", sa.Column("a", sa.Text))
def downgrade():
    op.drop_column("patients", "a")

# case: the identifier is computed
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
down_revision = str(2 - 1)
def upgrade():
    op.add_column("patients", sa.Column("a", sa.Text))
def downgrade():
    op.drop_column("patients", "a")

# case: branches come together
# success: migration-chain Chain
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
def downgrade():
    pass

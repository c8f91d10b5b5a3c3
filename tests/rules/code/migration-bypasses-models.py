import uuid
from datetime import datetime

from sqlalchemy import *
from sqlalchemy.orm import *
from ulid import ULID


class Base(DeclarativeBase):
    pass


# case: SQL lacks a column
# expect: warning migration-bypasses-models:invoices:1
class Invoice(Base):
    __tablename__ = "invoices"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20))
# file: versions/1.py
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.execute("CREATE TABLE invoices (id serial PRIMARY KEY)")
def downgrade():
    op.drop_table("invoices")

# case: SQL has a column more
# expect: warning migration-bypasses-models:invoices:1
class Invoice(Base):
    __tablename__ = "invoices"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20))
# file: versions/1.py
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.execute("CREATE TABLE invoices (id serial PRIMARY KEY, number varchar(20) NOT NULL, note text)")
def downgrade():
    op.drop_table("invoices")

# case: another type
# expect: warning migration-bypasses-models:invoices:1
class Invoice(Base):
    __tablename__ = "invoices"
    id: Mapped[int] = mapped_column(primary_key=True)
    amount: Mapped[float] = mapped_column(Numeric(12, 2))
# file: versions/1.py
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.execute("CREATE TABLE invoices (id serial PRIMARY KEY, amount real NOT NULL)")
def downgrade():
    op.drop_table("invoices")

# case: NULL where the class has none
# expect: warning migration-bypasses-models:invoices:1
class Invoice(Base):
    __tablename__ = "invoices"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20))
# file: versions/1.py
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.execute("CREATE TABLE invoices (id serial PRIMARY KEY, number varchar(20))")
def downgrade():
    op.drop_table("invoices")

# case: a column added by SQL
# expect: warning migration-bypasses-models:invoices:2
class Invoice(Base):
    __tablename__ = "invoices"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20))
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("invoices", sa.Column("id", sa.Integer, primary_key=True))
def downgrade():
    op.drop_table("invoices")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.execute("ALTER TABLE invoices ADD COLUMN number text")
def downgrade():
    op.drop_column("invoices", "number")

# case: another constant by default
# expect: warning migration-bypasses-models:invoices:1
class Invoice(Base):
    __tablename__ = "invoices"
    id: Mapped[int] = mapped_column(primary_key=True)
    open: Mapped[bool] = mapped_column(default=True)
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("invoices", sa.Column("id", sa.Integer, primary_key=True), sa.Column("open", sa.Boolean, server_default=sa.text("false"), nullable=False))
def downgrade():
    op.drop_table("invoices")

# case: another default of the server
# expect: warning migration-bypasses-models:invoices:1
class Invoice(Base):
    __tablename__ = "invoices"
    id: Mapped[int] = mapped_column(primary_key=True)
    made: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("invoices", sa.Column("id", sa.Integer, primary_key=True), sa.Column("made", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False))
def downgrade():
    op.drop_table("invoices")

# case: keys of another kind
# expect: warning migration-bypasses-models:invoices:1
class Invoice(Base):
    __tablename__ = "invoices"
    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[uuid.UUID] = mapped_column(default=lambda: ULID().to_uuid())
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("invoices", sa.Column("id", sa.Integer, primary_key=True), sa.Column("token", sa.Uuid, server_default=sa.text("gen_random_uuid()"), nullable=False))
def downgrade():
    op.drop_table("invoices")

# case: a default set later
# expect: warning migration-bypasses-models:invoices:2
class Invoice(Base):
    __tablename__ = "invoices"
    id: Mapped[int] = mapped_column(primary_key=True)
    open: Mapped[bool] = mapped_column(default=True)
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("invoices", sa.Column("id", sa.Integer, primary_key=True), sa.Column("open", sa.Boolean, nullable=False))
def downgrade():
    op.drop_table("invoices")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.alter_column("invoices", "open", server_default=sa.false())
def downgrade():
    op.alter_column("invoices", "open", server_default=None)

# case: an operation says the same
class Invoice(Base):
    __tablename__ = "invoices"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20))
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("invoices", sa.Column("id", sa.Integer, primary_key=True), sa.Column("number", sa.String(20), nullable=False))
def downgrade():
    op.drop_table("invoices")

# case: SQL says the same
class Invoice(Base):
    __tablename__ = "invoices"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20))
# file: versions/1.py
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.execute("CREATE TABLE invoices (id serial PRIMARY KEY, number varchar(20) NOT NULL)")
def downgrade():
    op.drop_table("invoices")

# case: an operation lacks a column, which is drift
class Invoice(Base):
    __tablename__ = "invoices"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20))
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("invoices", sa.Column("id", sa.Integer, primary_key=True))
def downgrade():
    op.drop_table("invoices")

# case: a default that the class does not mention
class Invoice(Base):
    __tablename__ = "invoices"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20))
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("invoices", sa.Column("id", sa.Integer, primary_key=True), sa.Column("number", sa.String(20), server_default="", nullable=False))
def downgrade():
    op.drop_table("invoices")

# case: the same constant on both sides
class Invoice(Base):
    __tablename__ = "invoices"
    id: Mapped[int] = mapped_column(primary_key=True)
    open: Mapped[bool] = mapped_column(default=True)
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("invoices", sa.Column("id", sa.Integer, primary_key=True), sa.Column("open", sa.Boolean, server_default=sa.true(), nullable=False))
def downgrade():
    op.drop_table("invoices")

# case: keys of one kind on both sides
class Invoice(Base):
    __tablename__ = "invoices"
    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[uuid.UUID] = mapped_column(default=uuid.uuid4)
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("invoices", sa.Column("id", sa.Integer, primary_key=True), sa.Column("token", sa.Uuid, server_default=sa.text("gen_random_uuid()"), nullable=False))
def downgrade():
    op.drop_table("invoices")

# case: mended by a later revision
class Invoice(Base):
    __tablename__ = "invoices"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20))
# file: versions/1.py
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.execute("CREATE TABLE invoices (id serial PRIMARY KEY, number varchar(20))")
def downgrade():
    op.drop_table("invoices")
# file: versions/2.py
import sqlalchemy as sa
from alembic import op
revision = "2"
down_revision = "1"
def upgrade():
    op.alter_column("invoices", "number", nullable=False)
def downgrade():
    op.alter_column("invoices", "number", nullable=True)

# case: no class

# file: versions/1.py
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.execute("CREATE TABLE invoices (id serial PRIMARY KEY, number text)")
def downgrade():
    op.drop_table("invoices")

# case: another table by SQL
class Invoice(Base):
    __tablename__ = "invoices"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20))
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("invoices", sa.Column("id", sa.Integer, primary_key=True), sa.Column("number", sa.String(20), nullable=False))
    op.execute("CREATE TABLE notes (id integer)")
def downgrade():
    op.drop_table("invoices")
    op.drop_table("notes")

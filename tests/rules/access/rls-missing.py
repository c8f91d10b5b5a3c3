import uuid

from sqlalchemy import *
from sqlalchemy import DDL, event
from sqlalchemy.orm import *


class Base(DeclarativeBase):
    pass



# case: models cannot show it
# undecided: rls-missing patients
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
# settles: met
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String, nullable=False))
    op.execute("ALTER TABLE patients ENABLE ROW LEVEL SECURITY")
def downgrade():
    op.drop_table("patients")

# case: models that show a policy may have a migration switch it on
# undecided: rls-missing patients
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
event.listen(Patient.__table__, "after_create", DDL("CREATE POLICY own ON patients USING (id = 1)"))
# settles: critical rls-missing:patients
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String, nullable=False))
def downgrade():
    op.drop_table("patients")

# case: the migrations do not switch it on
# expect: critical rls-missing:patients
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String, nullable=False))
def downgrade():
    op.drop_table("patients")

# case: a listener beside the models switches it on
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
event.listen(Patient.__table__, "after_create", DDL("ALTER TABLE patients ENABLE ROW LEVEL SECURITY"))

# case: the migrations switch it on
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String, nullable=False))
    op.execute("ALTER TABLE patients ENABLE ROW LEVEL SECURITY")
def downgrade():
    op.drop_table("patients")

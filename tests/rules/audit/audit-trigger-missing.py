import uuid

from sqlalchemy import *
from sqlalchemy import DDL, event
from sqlalchemy.orm import *


class Base(DeclarativeBase):
    pass



# case: models cannot show it
# undecided: audit-trigger-missing patients
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
# settles: critical audit-trigger-missing:patients
# file: versions/1.py
import sqlalchemy as sa
from alembic import op
revision = "1"
down_revision = None
def upgrade():
    op.create_table("patients", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String, nullable=False))
def downgrade():
    op.drop_table("patients")

# case: the migrations make none
# expect: critical audit-trigger-missing:patients
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

# case: a listener beside the models makes it
class Patient(Base):
    __tablename__ = "patients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
class AuditLog(Base):
    __tablename__ = "audit_log"
    id: Mapped[int] = mapped_column(primary_key=True)
    table_name: Mapped[str]
    old: Mapped[str | None]
    new: Mapped[str | None]
event.listen(Base.metadata, "after_create", DDL("""
    CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO audit_log (table_name, old, new) VALUES (TG_TABLE_NAME, OLD::text, NEW::text);
        RETURN NULL;
    END $$
"""))
event.listen(Base.metadata, "after_create", DDL("""
    CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON patients
    FOR EACH ROW EXECUTE FUNCTION audit()
"""))

"""initial

Revision ID: 1a2b
Revises: None
Create Date: 2016-05-11 16:03:27

"""

# revision identifiers, used by Alembic.
revision = '1a2b'
down_revision = None

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql


def upgrade():
    op.create_table('analytes',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('created_at', sa.DateTime(), server_default=sa.text(u'now()'), nullable=False),
    sa.Column('loinc_code', sa.String(length=10), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('unit', sa.String(length=20), nullable=True),
    sa.Column('lower_limit', sa.Float(), nullable=True),
    sa.Column('upper_limit', sa.Float(precision=24), nullable=True),
    sa.Column('decimals', sa.SmallInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_analytes_loinc_code'), 'analytes', ['loinc_code'], unique=False)
    op.create_table('panels',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('created_at', sa.DateTime(), server_default=sa.text(u'now()'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('code')
    )
    op.create_table('samples',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('created_at', sa.DateTime(), server_default=sa.text(u'now()'), nullable=False),
    sa.Column('uuid', postgresql.UUID(as_uuid=True), nullable=False),
    sa.Column('barcode', sa.Unicode(length=32), nullable=False),
    sa.Column('state', sa.Enum('received', 'queued', 'measured', 'released', name='sample_state'), nullable=False),
    sa.Column('patient_mrn', sa.String(length=24), nullable=True),
    sa.Column('drawn_at', sa.DateTime(), nullable=True),
    sa.Column('volume_ml', sa.Numeric(precision=6, scale=2), nullable=True),
    sa.Column('raw', postgresql.JSON(), nullable=True),
    sa.Column('label', sa.LargeBinary(), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('uuid')
    )
    op.create_index(op.f('ix_samples_barcode'), 'samples', ['barcode'], unique=True)
    op.create_table('panel_analytes',
    sa.Column('panel_id', sa.Integer(), nullable=False),
    sa.Column('analyte_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.SmallInteger(), server_default='0', nullable=False),
    sa.ForeignKeyConstraint(['analyte_id'], ['analytes.id'], ),
    sa.ForeignKeyConstraint(['panel_id'], ['panels.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('panel_id', 'analyte_id')
    )


def downgrade():
    op.drop_table('panel_analytes')
    op.drop_index(op.f('ix_samples_barcode'), table_name='samples')
    op.drop_table('samples')
    op.drop_table('panels')
    op.drop_index(op.f('ix_analytes_loinc_code'), table_name='analytes')
    op.drop_table('analytes')
    op.execute("DROP TYPE sample_state")

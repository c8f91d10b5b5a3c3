"""results

Revision ID: 2b3c
Revises: 1a2b
Create Date: 2017-01-20 11:45:02

"""
from alembic import op
import sqlalchemy as sa

revision = '2b3c'
down_revision = '1a2b'


def upgrade():
    op.create_table('results',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('created_at', sa.DateTime(), server_default=sa.text('now()'), nullable=False),
    sa.Column('sample_id', sa.Integer(), sa.ForeignKey('samples.id', ondelete='CASCADE'), nullable=False),
    sa.Column('analyte_id', sa.Integer(), sa.ForeignKey('analytes.id'), nullable=False),
    sa.Column('value', sa.Numeric(asdecimal=False), nullable=True),
    sa.Column('text_value', sa.Text(), nullable=True),
    sa.Column('flag', sa.String(length=1), nullable=True),
    sa.Column('measured_on', sa.Date(), server_default=sa.text('CURRENT_DATE'), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.add_column('samples', sa.Column('parent_id', sa.Integer(), nullable=True))
    op.create_foreign_key(None, 'samples', 'samples', ['parent_id'], ['id'])
    op.add_column('samples', sa.Column('is_control', sa.Boolean(), server_default='f', nullable=False))


def downgrade():
    op.drop_column('samples', 'is_control')
    op.drop_constraint('samples_parent_id_fkey', 'samples', type_='foreignkey')
    op.drop_column('samples', 'parent_id')
    op.drop_table('results')

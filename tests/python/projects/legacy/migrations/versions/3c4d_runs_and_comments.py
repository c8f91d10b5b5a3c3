"""runs and comments

Revision ID: 3c4d
Revises: 2b3c
Create Date: 2018-09-03 08:15:44

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '3c4d'
down_revision = '2b3c'
branch_labels = None
depends_on = None


def upgrade():
    # The type cannot be extended inside of a transaction on the version that was in use.
    op.execute('COMMIT')
    op.execute("ALTER TYPE sample_state ADD VALUE 'rejected'")
    op.add_column('results', sa.Column('run_no', sa.Integer(), server_default=sa.text('1'), nullable=False))
    op.create_unique_constraint(None, 'results', ['sample_id', 'analyte_id', 'run_no'])
    op.alter_column('results', 'flag',
               existing_type=sa.VARCHAR(length=1),
               type_=sa.String(length=2),
               existing_nullable=True)
    op.create_index('ix_results_flagged', 'results', ['sample_id'], postgresql_where=sa.text('flag IS NOT NULL'))
    op.create_table('result_comments',
    sa.Column('created_at', sa.DateTime(), server_default=sa.text('now()'), nullable=False),
    sa.Column('result_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('line', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['result_id'], ['results.id'], onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('result_id', 'line', name='result_comments_key')
    )
    op.alter_column('samples', 'drawn_at', type_=sa.DateTime(timezone=True),
                    postgresql_using="drawn_at AT TIME ZONE 'UTC'")
    op.add_column('samples', sa.Column('tags', postgresql.ARRAY(sa.String(length=20)), server_default='{}', nullable=False))
    op.add_column('samples', sa.Column('priority', sa.Enum('routine', 'stat', native_enum=False, length=12), server_default='routine'))
    op.create_index(op.f('ix_samples_patient_mrn'), 'samples', ['patient_mrn'], unique=False)


def downgrade():
    op.drop_index(op.f('ix_samples_patient_mrn'), table_name='samples')
    op.drop_column('samples', 'priority')
    op.drop_column('samples', 'tags')
    op.alter_column('samples', 'drawn_at', type_=sa.DateTime())
    op.drop_table('result_comments')
    op.drop_index('ix_results_flagged', table_name='results')
    op.alter_column('results', 'flag', type_=sa.String(length=1))
    op.drop_constraint('results_sample_id_analyte_id_run_no_key', 'results', type_='unique')
    op.drop_column('results', 'run_no')

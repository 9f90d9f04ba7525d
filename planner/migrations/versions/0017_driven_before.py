"""What reps drove in a tax year before Rounds kept count"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

KINDS = ('car', 'motorcycle', 'moped', 'bicycle')


def upgrade() -> None:
    op.create_table(
        'driven_before',
        sa.Column('rep_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=24), nullable=False),
        sa.Column('year_from_on', sa.Date(), nullable=False),
        sa.Column('metres', sa.BigInteger(), nullable=False),
        sa.CheckConstraint(f'kind IN {KINDS}', name=op.f('ck_driven_before_vehicle_kind')),
        sa.CheckConstraint('metres > 0', name=op.f('ck_driven_before_positive')),
        sa.ForeignKeyConstraint(
            ['rep_id'], ['rep.person_id'], name=op.f('fk_driven_before_rep_id_rep'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('rep_id', 'kind', 'year_from_on', name=op.f('pk_driven_before')),
    )


def downgrade() -> None:
    op.drop_table('driven_before')

"""What is changed on the road: times and places kept for one day, and the way back"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import planner.database


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

KEPT = ('from_seconds', 'until_seconds', 'kept_place')


def upgrade() -> None:
    op.create_table('day_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('rep_id', sa.Integer(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('told', sa.JSON(), nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('route_rev', sa.Integer(), nullable=True),
    sa.Column('made_at', planner.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('undone_at', planner.database.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['rep_id'], ['rep.person_id'], name=op.f('fk_day_change_rep_id_rep'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_day_change'))
    )
    with op.batch_alter_table('day_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_day_change_rep_id_on'), ['rep_id', 'on'], unique=False)
    with op.batch_alter_table('visit', schema=None) as batch_op:
        for name in KEPT:
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
        batch_op.create_check_constraint(batch_op.f('ck_visit_kept_place_positive'), 'kept_place > 0')


def downgrade() -> None:
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_visit_kept_place_positive'), type_='check')
        for name in KEPT:
            batch_op.drop_column(name)
    op.drop_table('day_change')

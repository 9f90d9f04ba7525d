"""Overtime of single days, and the repairs that made room for a visit"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import planner.database


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('overtime',
    sa.Column('rep_id', sa.Integer(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('seconds', sa.Integer(), nullable=False),
    sa.CheckConstraint('seconds > 0', name=op.f('ck_overtime_positive')),
    sa.ForeignKeyConstraint(['rep_id'], ['rep.person_id'], name=op.f('fk_overtime_rep_id_rep'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('rep_id', 'on', name=op.f('pk_overtime'))
    )
    op.create_table('applied_repair',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('rep_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('offer', sa.JSON(), nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('applied_at', planner.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('applied_by', sa.Integer(), nullable=True),
    sa.Column('undone_at', planner.database.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_applied_repair_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['applied_by'], ['person.id'], name=op.f('fk_applied_repair_applied_by_person')),
    sa.ForeignKeyConstraint(['rep_id'], ['rep.person_id'], name=op.f('fk_applied_repair_rep_id_rep'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applied_repair'))
    )
    with op.batch_alter_table('applied_repair', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_applied_repair_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_applied_repair_rep_id'), ['rep_id'], unique=False)


def downgrade() -> None:
    op.drop_table('applied_repair')
    op.drop_table('overtime')

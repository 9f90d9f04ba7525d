"""Months whose books are closed; claims that two approve"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import planner.database


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

ACTIONS = "'submit', 'withdraw', 'approve', 'return', 'unapprove', 'export', 'pay'"
MORE_ACTIONS = "'submit', 'withdraw', 'endorse', 'approve', 'return', 'unapprove', 'export', 'pay'"


def upgrade() -> None:
    allow(ACTIONS, MORE_ACTIONS)
    op.create_table(
        'period_lock',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('territory_id', sa.Integer(), nullable=False),
        sa.Column('from_on', sa.Date(), nullable=False),
        sa.Column('until_on', sa.Date(), nullable=False),
        sa.Column('locked_at', planner.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column('locked_by', sa.Integer(), nullable=False),
        sa.Column('lock_reason', sa.String(length=400), nullable=False),
        sa.Column('unlocked_at', planner.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column('unlocked_by', sa.Integer(), nullable=True),
        sa.Column('unlock_reason', sa.String(length=400), nullable=False),
        sa.CheckConstraint('from_on < until_on', name=op.f('ck_period_lock_order')),
        sa.CheckConstraint(
            '(unlocked_at IS NULL) = (unlocked_by IS NULL)', name=op.f('ck_period_lock_unlocked_whole')
        ),
        sa.ForeignKeyConstraint(['territory_id'], ['territory.id'], name=op.f('fk_period_lock_territory_id_territory')),
        sa.ForeignKeyConstraint(['locked_by'], ['person.id'], name=op.f('fk_period_lock_locked_by_person')),
        sa.ForeignKeyConstraint(['unlocked_by'], ['person.id'], name=op.f('fk_period_lock_unlocked_by_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_period_lock')),
    )
    in_force = sa.text('unlocked_at IS NULL')
    op.create_index(
        'uq_period_lock_in_force',
        'period_lock',
        ['territory_id', 'from_on'],
        unique=True,
        sqlite_where=in_force,
        postgresql_where=in_force,
    )


def downgrade() -> None:
    op.drop_table('period_lock')
    # To a version that knows one approval, the first of two is none.
    op.execute("DELETE FROM claim_event WHERE action = 'endorse'")
    allow(MORE_ACTIONS, ACTIONS)


def allow(before: str, after: str) -> None:
    with op.batch_alter_table('claim_event', copy_from=events(before)) as batch_op:
        batch_op.drop_constraint(op.f('ck_claim_event_claim_action'), type_='check')
        batch_op.create_check_constraint(op.f('ck_claim_event_claim_action'), f'action IN ({after})')


def events(actions: str) -> sa.Table:
    """The table as it stands: SQLite copies it, and would forget its CHECK if it were not said."""
    table = sa.Table(
        'claim_event',
        sa.MetaData(),
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('claim_id', sa.Integer(), nullable=False),
        sa.Column('action', sa.String(length=24), nullable=False),
        sa.Column('actor_id', sa.Integer(), nullable=False),
        sa.Column('happened_at', planner.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column('reason', sa.String(length=400), nullable=False),
        sa.CheckConstraint(f'action IN ({actions})', name=op.f('ck_claim_event_claim_action')),
        sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_claim_event_actor_id_person')),
        sa.ForeignKeyConstraint(
            ['claim_id'], ['claim.id'], name=op.f('fk_claim_event_claim_id_claim'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_claim_event')),
    )
    sa.Index(op.f('ix_claim_event_claim_id'), table.c.claim_id)
    return table

"""What phones send, and who changed a visit or the order of a day last"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import planner.database


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

REVISED = ('visit', 'day_route')
KINDS = "'arrived', 'left', 'undo', 'done', 'missed', 'skipped', 'note', 'expense', 'order', 'close'"


def upgrade() -> None:
    for table in REVISED:
        op.add_column(table, sa.Column('changed_rev', sa.Integer(), nullable=True))
        op.add_column(table, sa.Column('changed_by_id', sa.Integer(), nullable=True))
        op.add_column(table, sa.Column('changed_at', planner.database.UtcDateTime(timezone=True), nullable=True))
        op.add_column(table, sa.Column('own_since_rev', sa.Integer(), nullable=True))
    op.create_table('sync_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('uid', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('answer', sa.String(length=24), nullable=False),
    sa.Column('client_at', planner.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('captured_at', planner.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('received_at', planner.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('skew_seconds', sa.BigInteger(), nullable=False),
    sa.Column('made_kind', sa.String(length=24), nullable=False),
    sa.Column('made_id', sa.Integer(), nullable=True),
    sa.Column('rev', sa.Integer(), nullable=True),
    sa.Column('told', sa.String(length=40), nullable=False),
    sa.CheckConstraint(f'kind IN ({KINDS})', name=op.f('ck_sync_item_item_kind')),
    sa.CheckConstraint("answer IN ('created', 'duplicate', 'conflict', 'rejected')", name=op.f('ck_sync_item_answered')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_sync_item_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sync_item')),
    sa.UniqueConstraint('person_id', 'uid', name=op.f('uq_sync_item_person_id_uid'))
    )
    op.create_index(op.f('ix_sync_item_received_at'), 'sync_item', ['received_at'], unique=False)


def downgrade() -> None:
    op.drop_table('sync_item')
    for table in REVISED:
        for name in ('own_since_rev', 'changed_at', 'changed_by_id', 'changed_rev'):
            op.drop_column(table, name)

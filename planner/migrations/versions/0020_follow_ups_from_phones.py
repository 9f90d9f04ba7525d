"""Phones send what became of a follow-up"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import planner.database


revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

KINDS = "'arrived', 'left', 'undo', 'done', 'missed', 'skipped', 'note', 'expense', 'order', 'close'"
MORE_KINDS = f"{KINDS}, 'follow_up'"


def upgrade() -> None:
    allow(KINDS, MORE_KINDS)


def downgrade() -> None:
    op.execute("DELETE FROM sync_item WHERE kind = 'follow_up'")
    allow(MORE_KINDS, KINDS)


def allow(before: str, after: str) -> None:
    with op.batch_alter_table('sync_item', copy_from=items(before)) as batch_op:
        batch_op.drop_constraint(op.f('ck_sync_item_item_kind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_sync_item_item_kind'), f'kind IN ({after})')


def items(kinds: str) -> sa.Table:
    """The table as it stands: SQLite copies it, and would forget its CHECKs if they were not said."""
    table = sa.Table(
        'sync_item',
        sa.MetaData(),
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
        sa.CheckConstraint(f'kind IN ({kinds})', name=op.f('ck_sync_item_item_kind')),
        sa.CheckConstraint(
            "answer IN ('created', 'duplicate', 'conflict', 'rejected')", name=op.f('ck_sync_item_answered')
        ),
        sa.ForeignKeyConstraint(
            ['person_id'], ['person.id'], name=op.f('fk_sync_item_person_id_person'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sync_item')),
        sa.UniqueConstraint('person_id', 'uid', name=op.f('uq_sync_item_person_id_uid')),
    )
    sa.Index(op.f('ix_sync_item_received_at'), table.c.received_at)
    return table

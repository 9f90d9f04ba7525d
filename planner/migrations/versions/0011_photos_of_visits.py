"""Photos of visits"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import planner.database


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('visit_photo',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('visit_id', sa.Integer(), nullable=True),
    sa.Column('receipt_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('captured_at', planner.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('received_at', planner.database.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_visit_photo_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_visit_photo_author_id_person')),
    sa.ForeignKeyConstraint(['receipt_id'], ['receipt.id'], name=op.f('fk_visit_photo_receipt_id_receipt')),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_visit_photo_visit_id_visit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_photo')),
    sa.UniqueConstraint('visit_id', 'receipt_id', name=op.f('uq_visit_photo_visit_id_receipt_id'))
    )
    op.create_index(op.f('ix_visit_photo_account_id'), 'visit_photo', ['account_id'], unique=False)


def downgrade() -> None:
    op.drop_table('visit_photo')

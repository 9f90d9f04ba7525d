"""Follow-ups: what is still to be done about an account"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import planner.database


revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'follow_up',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('uid', sa.String(length=36), nullable=False),
        sa.Column('account_id', sa.Integer(), nullable=False),
        sa.Column('visit_id', sa.Integer(), nullable=True),
        sa.Column('author_id', sa.Integer(), nullable=False),
        sa.Column('text', sa.String(length=400), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=True),
        sa.Column('made_at', planner.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column('state', sa.String(length=24), nullable=False),
        sa.Column('ended_at', planner.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column('ended_by', sa.Integer(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name=op.f('ck_follow_up_follow_up_state')),
        sa.CheckConstraint("(visit_id IS NULL) = (text <> '')", name=op.f('ck_follow_up_one_text')),
        sa.CheckConstraint(
            "(state = 'open') = (ended_at IS NULL) AND (state = 'open') = (ended_by IS NULL)",
            name=op.f('ck_follow_up_ended_whole'),
        ),
        sa.ForeignKeyConstraint(
            ['account_id'], ['account.id'], name=op.f('fk_follow_up_account_id_account'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['visit_id'], ['visit.id'], name=op.f('fk_follow_up_visit_id_visit'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_follow_up_author_id_person')),
        sa.ForeignKeyConstraint(['ended_by'], ['person.id'], name=op.f('fk_follow_up_ended_by_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_follow_up')),
        sa.UniqueConstraint('author_id', 'uid', name=op.f('uq_follow_up_author_id_uid')),
        sa.UniqueConstraint('visit_id', name=op.f('uq_follow_up_visit_id')),
    )
    with op.batch_alter_table('follow_up') as batch_op:
        batch_op.create_index(batch_op.f('ix_follow_up_account_id_state'), ['account_id', 'state'])


def downgrade() -> None:
    op.drop_table('follow_up')

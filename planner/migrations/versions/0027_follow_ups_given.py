"""Follow-ups are given to colleagues"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import planner.database


revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None

GIVEN = ('given_to_id', 'given_from_id')


def upgrade() -> None:
    with op.batch_alter_table('follow_up', copy_from=follow_ups(())) as batch_op:
        for name in GIVEN:
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
            batch_op.create_foreign_key(op.f(f'fk_follow_up_{name}_person'), 'person', [name], ['id'])
        batch_op.create_index(op.f('ix_follow_up_given_to_id_state'), ['given_to_id', 'state'])


def downgrade() -> None:
    with op.batch_alter_table('follow_up', copy_from=follow_ups(GIVEN)) as batch_op:
        batch_op.drop_index(op.f('ix_follow_up_given_to_id_state'))
        for name in GIVEN:
            batch_op.drop_constraint(op.f(f'fk_follow_up_{name}_person'), type_='foreignkey')
            batch_op.drop_column(name)


def follow_ups(given: tuple[str, ...]) -> sa.Table:
    """The table as it stands: SQLite copies it, and would forget its CHECKs if they were not said."""
    table = sa.Table(
        'follow_up',
        sa.MetaData(),
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
        *(sa.Column(name, sa.Integer(), nullable=True) for name in given),
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
        *(
            sa.ForeignKeyConstraint([name], ['person.id'], name=op.f(f'fk_follow_up_{name}_person'))
            for name in given
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_follow_up')),
        sa.UniqueConstraint('author_id', 'uid', name=op.f('uq_follow_up_author_id_uid')),
        sa.UniqueConstraint('visit_id', name=op.f('uq_follow_up_visit_id')),
    )
    sa.Index(op.f('ix_follow_up_account_id_state'), table.c.account_id, table.c.state)
    if given:
        sa.Index(op.f('ix_follow_up_given_to_id_state'), table.c.given_to_id, table.c.state)
    return table

"""Nights away: when a rep may sleep elsewhere, the nights of versions, and those published"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('night_rule',
    sa.Column('rep_id', sa.Integer(), nullable=False),
    sa.Column('evenings', sa.JSON(), nullable=False),
    sa.Column('most_in_a_row', sa.Integer(), nullable=False),
    sa.Column('least_metres', sa.Integer(), nullable=False),
    sa.Column('price_seconds', sa.Integer(), nullable=False),
    sa.CheckConstraint('most_in_a_row > 0 AND least_metres >= 0 AND price_seconds >= 0', name=op.f('ck_night_rule_range')),
    sa.ForeignKeyConstraint(['rep_id'], ['rep.person_id'], name=op.f('fk_night_rule_rep_id_rep'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('rep_id', name=op.f('pk_night_rule'))
    )
    op.create_table('schedule_night',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('saves_seconds', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_schedule_night_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['version_id'], ['schedule_version.id'], name=op.f('fk_schedule_night_version_id_schedule_version'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_schedule_night')),
    sa.UniqueConstraint('version_id', 'on', name=op.f('uq_schedule_night_version_id_on'))
    )
    with op.batch_alter_table('schedule_night', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_schedule_night_account_id'), ['account_id'], unique=False)

    op.create_table('planned_night',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('rep_id', sa.Integer(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('lat', sa.Double(), nullable=False),
    sa.Column('lon', sa.Double(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=True),
    sa.Column('is_dropped', sa.Boolean(), nullable=False),
    sa.CheckConstraint('lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180', name=op.f('ck_planned_night_on_earth')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_planned_night_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['rep_id'], ['rep.person_id'], name=op.f('fk_planned_night_rep_id_rep'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['version_id'], ['schedule_version.id'], name=op.f('fk_planned_night_version_id_schedule_version'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_planned_night')),
    sa.UniqueConstraint('rep_id', 'on', name=op.f('uq_planned_night_rep_id_on'))
    )
    with op.batch_alter_table('planned_night', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_planned_night_account_id'), ['account_id'], unique=False)

    op.add_column('schedule_version', sa.Column('nights_before', sa.JSON(), nullable=True))


def downgrade() -> None:
    # Not by copying the table: SQLite would then hold the CHECK of another column apart from it.
    op.drop_column('schedule_version', 'nights_before')

    op.drop_table('planned_night')
    op.drop_table('schedule_night')
    op.drop_table('night_rule')

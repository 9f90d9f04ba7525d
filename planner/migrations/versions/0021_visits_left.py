"""A visit may be left before its report is written"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import planner.database


revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

STATES = "'planned', 'arrived', 'done', 'missed', 'skipped', 'cancelled'"
MORE_STATES = "'planned', 'arrived', 'left', 'done', 'missed', 'skipped', 'cancelled'"


def upgrade() -> None:
    """Whoever had left said so by the time alone."""
    allow(STATES, MORE_STATES)
    op.execute("UPDATE visit SET state = 'left' WHERE state = 'arrived' AND left_at IS NOT NULL")


def downgrade() -> None:
    op.execute("UPDATE visit SET state = 'arrived' WHERE state = 'left'")
    allow(MORE_STATES, STATES)


def allow(before: str, after: str) -> None:
    with op.batch_alter_table('visit', copy_from=visits(before)) as batch_op:
        batch_op.drop_constraint(op.f('ck_visit_visit_state'), type_='check')
        batch_op.create_check_constraint(op.f('ck_visit_visit_state'), f'state IN ({after})')


def visits(states: str) -> sa.Table:
    """The table as it stands: SQLite copies it, and would forget its CHECKs if they were not said."""
    table = sa.Table(
        'visit',
        sa.MetaData(),
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('uid', sa.String(length=36), nullable=False),
        sa.Column('account_id', sa.Integer(), nullable=False),
        sa.Column('rep_id', sa.Integer(), nullable=False),
        sa.Column('on', sa.Date(), nullable=False),
        sa.Column('kind', sa.String(length=24), nullable=False),
        sa.Column('state', sa.String(length=24), nullable=False),
        sa.Column('is_pinned', sa.Boolean(), nullable=False),
        sa.Column('appointment_seconds', sa.Integer(), nullable=True),
        sa.Column('leeway_seconds', sa.Integer(), nullable=False),
        sa.Column('service_seconds', sa.Integer(), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=True),
        sa.Column('reason', sa.String(length=40), nullable=False),
        sa.Column('reason_values', sa.JSON(), nullable=False),
        sa.Column('version_id', sa.Integer(), nullable=True),
        sa.Column('arrived_at', planner.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column('left_at', planner.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column('outcome', sa.String(length=24), nullable=True),
        sa.Column('next_step', sa.String(length=400), nullable=False),
        sa.Column('see_again_days', sa.Integer(), nullable=True),
        sa.Column('not_held_reason', sa.String(length=24), nullable=True),
        sa.Column('rev', sa.Integer(), nullable=False),
        sa.Column('from_seconds', sa.Integer(), nullable=True),
        sa.Column('until_seconds', sa.Integer(), nullable=True),
        sa.Column('kept_place', sa.Integer(), nullable=True),
        sa.Column('changed_rev', sa.Integer(), nullable=True),
        sa.Column('changed_by_id', sa.Integer(), nullable=True),
        sa.Column('changed_at', planner.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column('own_since_rev', sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('appointment', 'must_visit', 'cadence', 'prospect')", name=op.f('ck_visit_visit_kind')
        ),
        sa.CheckConstraint(f'state IN ({states})', name=op.f('ck_visit_visit_state')),
        sa.CheckConstraint(
            "outcome IN ('order', 'agreed', 'information', 'service', 'no_decision', 'not_interested')",
            name=op.f('ck_visit_outcome'),
        ),
        sa.CheckConstraint(
            "not_held_reason IN ('closed', 'contact_away', 'no_time', 'not_needed', 'road_blocked', 'other')",
            name=op.f('ck_visit_not_held_reason'),
        ),
        sa.CheckConstraint('see_again_days > 0', name=op.f('ck_visit_see_again_positive')),
        sa.CheckConstraint('service_seconds > 0', name=op.f('ck_visit_service_positive')),
        sa.CheckConstraint('kept_place > 0', name=op.f('ck_visit_kept_place_positive')),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_visit_account_id_account')),
        sa.ForeignKeyConstraint(['rep_id'], ['rep.person_id'], name=op.f('fk_visit_rep_id_rep')),
        sa.ForeignKeyConstraint(
            ['version_id'], ['schedule_version.id'], name=op.f('fk_visit_version_id_schedule_version')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_visit')),
        sa.UniqueConstraint('uid', name=op.f('uq_visit_uid')),
    )
    sa.Index(op.f('ix_visit_rep_id_on'), table.c.rep_id, table.c.on)
    called_off = sa.text("state <> 'cancelled'")
    sa.Index(
        'uq_visit_account_day',
        table.c.account_id,
        table.c.on,
        unique=True,
        sqlite_where=called_off,
        postgresql_where=called_off,
    )
    return table

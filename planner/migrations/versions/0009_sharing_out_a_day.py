"""Planning runs that share out a rep's day"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import planner.database


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

KINDS = "'schedule', 'routes', 'balance', 'rule'"
MORE_KINDS = "'schedule', 'routes', 'balance', 'rule', 'cover'"


def upgrade() -> None:
    allow(KINDS, MORE_KINDS)


def downgrade() -> None:
    op.execute("DELETE FROM planning_run WHERE kind = 'cover'")
    allow(MORE_KINDS, KINDS)


def allow(before: str, after: str) -> None:
    with op.batch_alter_table('planning_run', copy_from=runs(before)) as batch_op:
        batch_op.drop_constraint(op.f('ck_planning_run_run_kind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_planning_run_run_kind'), f'kind IN ({after})')


def runs(kinds: str) -> sa.Table:
    """The table as it stands: SQLite copies it, and would forget its CHECKs if they were not said."""
    open_runs = sa.text("state IN ('queued', 'running')")
    table = sa.Table(
        'planning_run',
        sa.MetaData(),
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('rep_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=24), nullable=False),
        sa.Column('dedupe_key', sa.String(length=80), nullable=False),
        sa.Column('state', sa.String(length=24), nullable=False),
        sa.Column('priority', sa.Integer(), nullable=False),
        sa.Column('from_on', sa.Date(), nullable=False),
        sa.Column('seed', sa.Integer(), nullable=False),
        sa.Column('network_version', sa.String(length=64), nullable=True),
        sa.Column('progress', sa.Integer(), nullable=False),
        sa.Column('phase', sa.String(length=40), nullable=False),
        sa.Column('cancel_requested', sa.Boolean(), nullable=False),
        sa.Column('token', sa.Integer(), nullable=False),
        sa.Column('attempt', sa.Integer(), nullable=False),
        sa.Column('lease_until', planner.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column('requested_by', sa.Integer(), nullable=True),
        sa.Column('requested_at', planner.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column('started_at', planner.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column('ended_at', planner.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column('error_code', sa.String(length=40), nullable=True),
        sa.Column('error_values', sa.JSON(), nullable=False),
        sa.Column('question', sa.JSON(), nullable=False, server_default=sa.text("'{}'")),
        sa.Column('answer', sa.JSON(), nullable=True),
        sa.CheckConstraint(f'kind IN ({kinds})', name=op.f('ck_planning_run_run_kind')),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name=op.f('ck_planning_run_run_state')
        ),
        sa.CheckConstraint('progress BETWEEN 0 AND 100', name=op.f('ck_planning_run_progress')),
        sa.ForeignKeyConstraint(['rep_id'], ['rep.person_id'], name=op.f('fk_planning_run_rep_id_rep')),
        sa.ForeignKeyConstraint(['requested_by'], ['person.id'], name=op.f('fk_planning_run_requested_by_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_planning_run')),
    )
    sa.Index(op.f('ix_planning_run_rep_id'), table.c.rep_id)
    sa.Index(op.f('ix_planning_run_state_priority_id'), table.c.state, table.c.priority, table.c.id)
    sa.Index('uq_planning_run_open', table.c.dedupe_key, unique=True, sqlite_where=open_runs, postgresql_where=open_runs)
    return table

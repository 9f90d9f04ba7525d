"""Entries of the ledger say when a phone noted them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import planner.database


revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

TABLES = ('trip', 'expense')


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column('captured_at', planner.database.UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, 'captured_at')

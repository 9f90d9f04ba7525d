"""Nights' places off the roads, and on which roads the legs of a day route lead"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

COLUMNS = ('bed_before_off_road', 'bed_after_off_road')


def upgrade() -> None:
    for name in COLUMNS:
        # Until now a day beside such a night had no route at all.
        op.add_column('day_route', sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    # Nobody knows it of the legs that stand.
    op.add_column('stop', sa.Column('leg_class_seconds', sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column('stop', 'leg_class_seconds')
    for name in reversed(COLUMNS):
        op.drop_column('day_route', name)

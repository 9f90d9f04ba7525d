"""How many days of a version are driven, and how many of them in an order proven to be the shortest"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

COLUMNS = ('days_driven', 'days_proven')


def upgrade() -> None:
    with op.batch_alter_table('schedule_version') as batch_op:
        for name in COLUMNS:
            # What was made before was not proven.
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default=sa.text('0')))


def downgrade() -> None:
    with op.batch_alter_table('schedule_version') as batch_op:
        for name in COLUMNS:
            batch_op.drop_column(name)

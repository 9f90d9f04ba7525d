"""Odometer readings say whether they were noted late, and why

Of readings from before nobody knows: NULL with a closed day, and not late where they were noted by hand.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('closed_day', sa.Column('odometer_is_late', sa.Boolean(), nullable=True))
    op.add_column(
        'odometer_reading', sa.Column('is_late', sa.Boolean(), server_default=sa.text('false'), nullable=False)
    )
    op.add_column(
        'odometer_reading', sa.Column('reason', sa.String(length=400), server_default='', nullable=False)
    )


def downgrade() -> None:
    op.drop_column('odometer_reading', 'reason')
    op.drop_column('odometer_reading', 'is_late')
    op.drop_column('closed_day', 'odometer_is_late')

"""Pictures say what they look like"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('receipt', sa.Column('likeness', sa.String(length=64), nullable=True))
    op.add_column('receipt', sa.Column('shades', sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column('receipt', 'shades')
    op.drop_column('receipt', 'likeness')

"""A month has a claim for each currency its rep worked in.

There is no way back once somebody has two claims of a month.
"""

from __future__ import annotations

from alembic import op


revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index('uq_claim_period', 'claim')
    op.create_index('uq_claim_period', 'claim', ['rep_id', 'from_on', 'currency'], unique=True)


def downgrade() -> None:
    op.drop_index('uq_claim_period', 'claim')
    op.create_index('uq_claim_period', 'claim', ['rep_id', 'from_on'], unique=True)

"""Pictures say which bytes their file has, and the visits that name one are found.

Of those that are there already nothing is said: a migration cannot know whether a file it read was the one
that was stored, and may not even have the folder.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Rebuilt on SQLite: a number that was given is never given again, for the log speaks of it.
    with op.batch_alter_table('receipt', **rebuilt(sqlite_autoincrement=True)) as batch_op:
        batch_op.add_column(sa.Column('stored_sha256', sa.String(length=64), nullable=True))
    op.create_index(op.f('ix_visit_photo_receipt_id'), 'visit_photo', ['receipt_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_visit_photo_receipt_id'), 'visit_photo')
    with op.batch_alter_table('receipt', **rebuilt()) as batch_op:
        batch_op.drop_column('stored_sha256')


def rebuilt(**table_kwargs: bool) -> dict[str, object]:
    if op.get_bind().dialect.name != 'sqlite':
        return {}
    return {'recreate': 'always', 'table_kwargs': table_kwargs}

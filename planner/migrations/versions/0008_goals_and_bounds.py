"""What reps want of the order of their days, and how far a day route is from the best by it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

GOALS = (('rep', 'day_goal'), ('day_route', 'goal'))


def upgrade() -> None:
    for table, name in GOALS:
        goals = "'least_driving', 'earliest_home', 'most_value'"
        check = sa.CheckConstraint(f'{name} IN ({goals})', name=op.f(f'ck_{table}_{name}'))
        # Every day was put in order for the least driving until now.
        default = sa.text("'least_driving'")
        op.add_column(table, sa.Column(name, sa.String(length=24), check, nullable=False, server_default=default))
    op.add_column('day_route', sa.Column('within_percent', sa.Double(), nullable=True))


def downgrade() -> None:
    op.drop_column('day_route', 'within_percent')
    for table, name in GOALS:
        op.drop_column(table, name)

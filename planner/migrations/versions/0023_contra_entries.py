"""Contra entries take lines of locked claims back; entries say who entered them in place of the rep"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

KINDS = "'car', 'motorcycle', 'moped', 'bicycle'"
CATEGORIES = "'parking', 'toll', 'meal', 'lodging', 'transport', 'samples', 'per_diem', 'other'"

LINKS = ('contra_of_id', 'replaces_id')

KEPT = {
    'trip': {
        'ck_trip_adjusts': "(origin = 'adjustment') = (adjusts_id IS NOT NULL)",
        'ck_trip_private': 'NOT is_private OR (claim_id IS NULL AND amount_minor = 0)',
        'ck_trip_vehicle_kind': f'vehicle_kind IN ({KINDS})',
    },
    'expense': {
        'ck_expense_paid_whole': '(paid_minor IS NULL) = (paid_currency IS NULL)'
        ' AND (paid_minor IS NULL) = (exchange_rate IS NULL)',
        'ck_expense_expense_category': f'category IN ({CATEGORIES})',
    },
}
BEFORE = {
    'trip': {
        'ck_trip_not_negative': 'metres >= 0 AND road_metres >= 0 AND commute_metres >= 0',
        'ck_trip_trip_origin': "origin IN ('day', 'manual', 'adjustment')",
    },
    'expense': {
        'ck_expense_not_negative': 'amount_minor >= 0 AND nights >= 0',
        'ck_expense_tax': 'tax_minor BETWEEN 0 AND amount_minor',
    },
}
AFTER = {
    'trip': {
        'ck_trip_not_negative': 'road_metres >= 0 AND CASE WHEN contra_of_id IS NULL'
        ' THEN metres >= 0 AND commute_metres >= 0 ELSE metres <= 0 AND commute_metres <= 0 END',
        'ck_trip_trip_origin': "origin IN ('day', 'manual', 'adjustment', 'contra')",
        'ck_trip_contra': "(origin = 'contra') = (contra_of_id IS NOT NULL)",
    },
    'expense': {
        'ck_expense_not_negative': 'nights >= 0 AND CASE WHEN contra_of_id IS NULL'
        ' THEN amount_minor >= 0 ELSE amount_minor <= 0 END',
        'ck_expense_tax': 'CASE WHEN contra_of_id IS NULL THEN tax_minor BETWEEN 0 AND amount_minor'
        ' ELSE tax_minor BETWEEN amount_minor AND 0 END',
    },
}


def upgrade() -> None:
    for table in BEFORE:
        with op.batch_alter_table(table, copy_from=standing(table, BEFORE)) as batch_op:
            for name, target in columns(table).items():
                batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
                key = op.f(f'fk_{table}_{name}_{target}')
                batch_op.create_foreign_key(key, target, [name], ['id'])
            for name in LINKS:
                batch_op.create_index(op.f(f'ix_{table}_{name}'), [name])
            replace(batch_op, BEFORE[table], AFTER[table])


def downgrade() -> None:
    # Without them what was taken back would be paid twice, and no sum of a claim hold any more.
    for table in BEFORE:
        found = op.get_bind().scalar(sa.text(f'SELECT count(*) FROM {table} WHERE contra_of_id IS NOT NULL'))
        if found:
            raise RuntimeError(f'{found} rows of {table} are contra entries, which the tables before cannot hold.')
    for table in BEFORE:
        with op.batch_alter_table(table, copy_from=standing(table, AFTER)) as batch_op:
            replace(batch_op, AFTER[table], BEFORE[table])
            for name in LINKS:
                batch_op.drop_index(op.f(f'ix_{table}_{name}'))
            for name, target in columns(table).items():
                batch_op.drop_constraint(op.f(f'fk_{table}_{name}_{target}'), type_='foreignkey')
                batch_op.drop_column(name)


def columns(table: str) -> dict[str, str]:
    return {'contra_of_id': table, 'replaces_id': table, 'entered_by_id': 'person'}


def standing(name: str, now: dict[str, dict[str, str]]) -> sa.Table:
    """The table as it stands: SQLite copies it, and whether its CHECKs are read with it depends on the
    library's version."""
    table = sa.Table(name, sa.MetaData(), autoload_with=op.get_bind())
    for read in [each for each in table.constraints if isinstance(each, sa.CheckConstraint)]:
        table.constraints.remove(read)
    for key, check in (KEPT[name] | now[name]).items():
        table.append_constraint(sa.CheckConstraint(check, name=op.f(key)))
    return table


def replace(batch_op, before: dict[str, str], after: dict[str, str]) -> None:
    for name in before:
        batch_op.drop_constraint(op.f(name), type_='check')
    for name, check in after.items():
        batch_op.create_check_constraint(op.f(name), check)

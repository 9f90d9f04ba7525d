"""Expenses: policy, exchange rates and per diems by date; tax, other currencies, trips and accounts they belong to"""

from __future__ import annotations

import json
from datetime import date

import sqlalchemy as sa
from alembic import op

import planner.database


revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

CATEGORIES = ('parking', 'toll', 'meal', 'lodging', 'transport', 'samples', 'other')
MORE_CATEGORIES = (*CATEGORIES[:-1], 'per_diem', 'other')
BEFORE_DATES = date(2000, 1, 1)
LIMITS = 'receipt_above_minor'
KEYS = {
    'account_id': 'account',
    'trip_id': 'trip',
    'exchange_rate_id': 'exchange_rate',
    'rule_id': 'expense_rule',
    'per_diem_id': 'per_diem_rate',
}
CHECKS_BEFORE = {'not_negative': 'amount_minor >= 0'}
CHECKS_AFTER = {
    'not_negative': 'amount_minor >= 0 AND nights >= 0',
    'tax': 'tax_minor BETWEEN 0 AND amount_minor',
    'paid_whole': (
        '(paid_minor IS NULL) = (paid_currency IS NULL) AND (paid_minor IS NULL) = (exchange_rate IS NULL)'
    ),
}
INDEXED = ('receipt_id', 'trip_id')


def upgrade() -> None:
    create_tables()
    with op.batch_alter_table('expense', copy_from=expenses()) as batch_op:
        for column in new_columns():
            batch_op.add_column(column)
        for name, table in KEYS.items():
            batch_op.create_foreign_key(op.f(f'fk_expense_{name}_{table}'), table, [name], ['id'])
        for name in INDEXED:
            batch_op.create_index(op.f(f'ix_expense_{name}'), [name])
        change_checks(batch_op, CHECKS_BEFORE, CHECKS_AFTER)
        allow(batch_op, MORE_CATEGORIES)
    date_the_limits()


def downgrade() -> None:
    keep_the_limits()
    # Allowances are unknown to the former tables; the links of the chain that name them go too.
    op.execute("DELETE FROM ledger_entry WHERE kind = 'expense' AND subject_id IN (SELECT id FROM expense WHERE category = 'per_diem')")
    op.execute("DELETE FROM expense WHERE category = 'per_diem'")
    with op.batch_alter_table('expense', copy_from=expenses(is_after=True)) as batch_op:
        allow(batch_op, CATEGORIES)
        change_checks(batch_op, CHECKS_AFTER, CHECKS_BEFORE)
        for name in INDEXED:
            batch_op.drop_index(op.f(f'ix_expense_{name}'))
        for name, table in KEYS.items():
            batch_op.drop_constraint(op.f(f'fk_expense_{name}_{table}'), type_='foreignkey')
        for column in new_columns():
            batch_op.drop_column(column.name)
    for table in ('expense_rule', 'exchange_rate', 'per_diem_rate'):
        op.drop_table(table)


def create_tables() -> None:
    op.create_table(
        'expense_rule',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('category', sa.String(length=24), nullable=False),
        sa.Column('currency', sa.String(length=3), nullable=False),
        sa.Column('effective_from_on', sa.Date(), nullable=False),
        sa.Column('cap_minor', sa.BigInteger(), nullable=True),
        sa.Column('basis', sa.String(length=24), nullable=False),
        sa.Column('receipt_from_minor', sa.BigInteger(), nullable=True),
        sa.Column('source', sa.String(length=240), nullable=False),
        sa.CheckConstraint(one_of('category', MORE_CATEGORIES), name=op.f('ck_expense_rule_expense_category')),
        sa.CheckConstraint("basis IN ('item', 'day', 'night')", name=op.f('ck_expense_rule_basis')),
        sa.CheckConstraint('cap_minor > 0', name=op.f('ck_expense_rule_cap')),
        sa.CheckConstraint('receipt_from_minor >= 0', name=op.f('ck_expense_rule_receipt')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_expense_rule')),
        unique('expense_rule', 'category', 'currency', 'effective_from_on'),
    )
    op.create_table(
        'exchange_rate',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('from_currency', sa.String(length=3), nullable=False),
        sa.Column('to_currency', sa.String(length=3), nullable=False),
        sa.Column('effective_from_on', sa.Date(), nullable=False),
        sa.Column('rate', sa.Numeric(precision=20, scale=10), nullable=False),
        sa.Column('source', sa.String(length=240), nullable=False),
        sa.CheckConstraint('rate > 0 AND from_currency <> to_currency', name=op.f('ck_exchange_rate_worth')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_exchange_rate')),
        unique('exchange_rate', 'from_currency', 'to_currency', 'effective_from_on'),
    )
    op.create_table(
        'per_diem_rate',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('country', sa.String(length=2), nullable=False),
        sa.Column('kind', sa.String(length=24), nullable=False),
        sa.Column('from_minutes', sa.Integer(), nullable=False, server_default=sa.text('0')),
        sa.Column('effective_from_on', sa.Date(), nullable=False),
        sa.Column('amount_minor', sa.BigInteger(), nullable=False),
        sa.Column('currency', sa.String(length=3), nullable=False),
        sa.Column('source', sa.String(length=240), nullable=False),
        sa.Column('is_verified', sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.CheckConstraint(
            "kind IN ('hours', 'travel_day', 'full_day', 'night')", name=op.f('ck_per_diem_rate_per_diem_kind')
        ),
        sa.CheckConstraint(
            'amount_minor >= 0 AND from_minutes BETWEEN 0 AND 1440', name=op.f('ck_per_diem_rate_range')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_per_diem_rate')),
        unique('per_diem_rate', 'country', 'kind', 'from_minutes', 'effective_from_on'),
    )


def unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f('_'.join(('uq', table, *columns))))


def one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def new_columns() -> list[sa.Column[object]]:
    return [
        sa.Column('account_id', sa.Integer(), nullable=True),
        sa.Column('trip_id', sa.Integer(), nullable=True),
        sa.Column('nights', sa.Integer(), nullable=False, server_default=sa.text('0')),
        sa.Column('tax_minor', sa.BigInteger(), nullable=True),
        sa.Column('tax_percent', sa.Numeric(precision=6, scale=3), nullable=True),
        sa.Column('paid_minor', sa.BigInteger(), nullable=True),
        sa.Column('paid_tax_minor', sa.BigInteger(), nullable=True),
        sa.Column('paid_currency', sa.String(length=3), nullable=True),
        sa.Column('exchange_rate', sa.Numeric(precision=20, scale=10), nullable=True),
        sa.Column('exchange_rate_id', sa.Integer(), nullable=True),
        sa.Column('rule_id', sa.Integer(), nullable=True),
        sa.Column('per_diem_id', sa.Integer(), nullable=True),
    ]


def change_checks(batch_op: object, before: dict[str, str], after: dict[str, str]) -> None:
    for name in before:
        batch_op.drop_constraint(op.f(f'ck_expense_{name}'), type_='check')
    for name, check in after.items():
        batch_op.create_check_constraint(op.f(f'ck_expense_{name}'), check)


def allow(batch_op: object, categories: tuple[str, ...]) -> None:
    batch_op.drop_constraint(op.f('ck_expense_expense_category'), type_='check')
    batch_op.create_check_constraint(op.f('ck_expense_expense_category'), one_of('category', categories))


def date_the_limits() -> None:
    """The limit above which a receipt was needed becomes the policy of every category, from before all entries."""
    connection = op.get_bind()
    rules = sa.table(
        'expense_rule',
        sa.column('category', sa.String),
        sa.column('currency', sa.String),
        sa.column('effective_from_on', sa.Date),
        sa.column('basis', sa.String),
        sa.column('receipt_from_minor', sa.BigInteger),
        sa.column('source', sa.String),
    )
    rows = [
        {
            'category': category,
            'currency': currency,
            'effective_from_on': BEFORE_DATES,
            'basis': 'item',
            'receipt_from_minor': int(above) + 1,
            'source': '',
        }
        for currency, above in limits(connection).items()
        for category in CATEGORIES
    ]
    if rows:
        connection.execute(rules.insert(), rows)
    connection.execute(sa.text('DELETE FROM setting WHERE key = :key'), {'key': LIMITS})


def keep_the_limits() -> None:
    """The limit of a currency is that of its newest policy for anything else."""
    connection = op.get_bind()
    query = sa.text(
        "SELECT currency, receipt_from_minor FROM expense_rule WHERE category = 'other'"
        ' AND receipt_from_minor IS NOT NULL ORDER BY effective_from_on'
    )
    kept = {currency: max(int(from_minor) - 1, 0) for currency, from_minor in connection.execute(query)}
    if kept:
        setting = sa.table('setting', sa.column('key', sa.String), sa.column('value', sa.JSON))
        connection.execute(setting.insert(), {'key': LIMITS, 'value': kept})


def limits(connection: sa.Connection) -> dict[str, int]:
    found = connection.execute(sa.text('SELECT value FROM setting WHERE key = :key'), {'key': LIMITS}).scalar()
    return json.loads(found) if isinstance(found, str) else (found or {})


def expenses(is_after: bool = False) -> sa.Table:
    """The table as it stands before, or after: SQLite copies it, and would forget its CHECKs if they were not
    said."""
    table = sa.Table(
        'expense',
        sa.MetaData(),
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('uid', sa.String(length=36), nullable=False),
        sa.Column('rep_id', sa.Integer(), nullable=False),
        sa.Column('on', sa.Date(), nullable=False),
        sa.Column('category', sa.String(length=24), nullable=False),
        sa.Column('amount_minor', sa.BigInteger(), nullable=False),
        sa.Column('currency', sa.String(length=3), nullable=False),
        sa.Column('merchant', sa.String(length=120), nullable=False),
        sa.Column('note', sa.String(length=400), nullable=False),
        sa.Column('visit_id', sa.Integer(), nullable=True),
        sa.Column('receipt_id', sa.Integer(), nullable=True),
        sa.Column('change_reason', sa.String(length=400), nullable=False),
        sa.Column('entered_at', planner.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column('is_late', sa.Boolean(), nullable=False),
        sa.Column('corrects_id', sa.Integer(), nullable=True),
        sa.Column('is_void', sa.Boolean(), nullable=False),
        sa.Column('claim_id', sa.Integer(), nullable=True),
        *(new_columns() if is_after else ()),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_expense')),
        sa.UniqueConstraint('corrects_id', name=op.f('uq_expense_corrects_id')),
        sa.UniqueConstraint('rep_id', 'uid', name=op.f('uq_expense_rep_id_uid')),
        sa.CheckConstraint(
            one_of('category', MORE_CATEGORIES if is_after else CATEGORIES),
            name=op.f('ck_expense_expense_category'),
        ),
    )
    checks = CHECKS_AFTER if is_after else CHECKS_BEFORE
    for name, check in checks.items():
        table.append_constraint(sa.CheckConstraint(check, name=op.f(f'ck_expense_{name}')))
    points = {'claim_id': 'claim', 'corrects_id': 'expense', 'receipt_id': 'receipt', 'visit_id': 'visit'}
    for name, other in {**points, **(KEYS if is_after else {})}.items():
        table.append_constraint(
            sa.ForeignKeyConstraint([name], [f'{other}.id'], name=op.f(f'fk_expense_{name}_{other}'))
        )
    table.append_constraint(
        sa.ForeignKeyConstraint(['rep_id'], ['rep.person_id'], name=op.f('fk_expense_rep_id_rep'))
    )
    for columns in (('rep_id', 'on'), ('claim_id',), ('visit_id',), *((name,) for name in INDEXED if is_after)):
        sa.Index(op.f('_'.join(('ix_expense', *columns))), *(table.c[column] for column in columns))
    return table

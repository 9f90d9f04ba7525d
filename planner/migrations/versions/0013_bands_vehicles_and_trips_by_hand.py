"""Rates by kind of vehicle and yearly band, parts of trips, trips by hand, adjustments, vehicles, odometers"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import planner.database


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

KINDS = "'car', 'motorcycle', 'moped', 'bicycle'"
UNIQUE_BEFORE = ('country', 'vehicle_kind', 'effective_from_on')
UNIQUE_AFTER = ('country', 'vehicle_kind', 'band_from_units', 'effective_from_on')
ENDS = ('from_lat', 'from_lon', 'to_lat', 'to_lon')


def upgrade() -> None:
    with op.batch_alter_table('mileage_rate', copy_from=rates()) as batch_op:
        batch_op.add_column(sa.Column('band_from_units', sa.Integer(), nullable=False, server_default=sa.text('0')))
        # Rates until now were typed by an admin, who had their source at hand.
        batch_op.add_column(sa.Column('is_verified', sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.drop_constraint(unique_name(UNIQUE_BEFORE), type_='unique')
        batch_op.create_unique_constraint(unique_name(UNIQUE_AFTER), UNIQUE_AFTER)
        batch_op.create_check_constraint(op.f('ck_mileage_rate_vehicle_kind'), f'vehicle_kind IN ({KINDS})')
        batch_op.drop_constraint(op.f('ck_mileage_rate_not_negative'), type_='check')
        batch_op.create_check_constraint(op.f('ck_mileage_rate_not_negative'), 'per_unit >= 0 AND band_from_units >= 0')
    with op.batch_alter_table('trip', copy_from=trips()) as batch_op:
        for name in ENDS:
            batch_op.alter_column(name, existing_type=sa.Double(), nullable=True)
        for column in new_trip_columns():
            batch_op.add_column(column)
        batch_op.create_foreign_key(op.f('fk_trip_adjusts_id_trip'), 'trip', ['adjusts_id'], ['id'])
        batch_op.create_index(op.f('ix_trip_adjusts_id'), ['adjusts_id'])
        batch_op.drop_constraint(op.f('ck_trip_not_negative'), type_='check')
        for name, check in new_trip_checks().items():
            batch_op.create_check_constraint(op.f(name), check)
    create_tables()


def downgrade() -> None:
    op.drop_table('odometer_reading')
    op.drop_table('vehicle')
    op.drop_table('trip_part')
    # Entries that the former tables cannot hold go, the links of the chain that name them too.
    gone = "SELECT id FROM trip WHERE adjusts_id IS NOT NULL OR from_lat IS NULL OR to_lat IS NULL OR is_private"
    op.execute(f"DELETE FROM ledger_entry WHERE kind = 'trip' AND subject_id IN ({gone})")
    op.execute(f'DELETE FROM trip WHERE id IN ({gone})')
    op.execute(f'UPDATE trip SET rate_id = NULL WHERE rate_id IN ({higher_bands()})')
    op.execute(f'DELETE FROM mileage_rate WHERE id IN ({higher_bands()})')
    with op.batch_alter_table('trip', copy_from=trips(is_after=True)) as batch_op:
        for name in new_trip_checks():
            batch_op.drop_constraint(op.f(name), type_='check')
        batch_op.drop_index(op.f('ix_trip_adjusts_id'))
        batch_op.drop_constraint(op.f('fk_trip_adjusts_id_trip'), type_='foreignkey')
        for column in new_trip_columns():
            batch_op.drop_column(column.name)
        for name in ENDS:
            batch_op.alter_column(name, existing_type=sa.Double(), nullable=False)
        batch_op.create_check_constraint(op.f('ck_trip_not_negative'), 'metres >= 0 AND road_metres >= 0')
    with op.batch_alter_table('mileage_rate', copy_from=rates(is_after=True)) as batch_op:
        batch_op.drop_constraint(op.f('ck_mileage_rate_vehicle_kind'), type_='check')
        batch_op.drop_constraint(op.f('ck_mileage_rate_not_negative'), type_='check')
        batch_op.create_check_constraint(op.f('ck_mileage_rate_not_negative'), 'per_unit >= 0')
        batch_op.drop_constraint(unique_name(UNIQUE_AFTER), type_='unique')
        batch_op.create_unique_constraint(unique_name(UNIQUE_BEFORE), UNIQUE_BEFORE)
        batch_op.drop_column('is_verified')
        batch_op.drop_column('band_from_units')


def higher_bands() -> str:
    return 'SELECT id FROM mileage_rate WHERE band_from_units > 0'


def unique_name(columns: tuple[str, ...]) -> str:
    return op.f('_'.join(('uq_mileage_rate', *columns)))


def kind_column(default: str | None) -> sa.Column[str]:
    return sa.Column('vehicle_kind', sa.String(length=24), nullable=False, server_default=default and sa.text(default))


def new_trip_columns() -> list[sa.Column[object]]:
    return [
        kind_column("'car'"),
        sa.Column('origin', sa.String(length=24), nullable=False, server_default=sa.text("'day'")),
        sa.Column('is_private', sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column('commute_metres', sa.Integer(), nullable=False, server_default=sa.text('0')),
        sa.Column('adjusts_id', sa.Integer(), nullable=True),
    ]


def new_trip_checks() -> dict[str, str]:
    return {
        'ck_trip_not_negative': 'metres >= 0 AND road_metres >= 0 AND commute_metres >= 0',
        'ck_trip_vehicle_kind': f'vehicle_kind IN ({KINDS})',
        'ck_trip_trip_origin': "origin IN ('day', 'manual', 'adjustment')",
        'ck_trip_adjusts': "(origin = 'adjustment') = (adjusts_id IS NOT NULL)",
        'ck_trip_private': 'NOT is_private OR (claim_id IS NULL AND amount_minor = 0)',
    }


def rates(is_after: bool = False) -> sa.Table:
    """The table as it stands before, or after: SQLite copies it, and would forget its CHECKs if they were not
    said."""
    table = sa.Table(
        'mileage_rate',
        sa.MetaData(),
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('country', sa.String(length=2), nullable=False),
        sa.Column('vehicle_kind', sa.String(length=24), nullable=False),
        sa.Column('effective_from_on', sa.Date(), nullable=False),
        sa.Column('until_on', sa.Date(), nullable=True),
        sa.Column('announced_on', sa.Date(), nullable=True),
        sa.Column('per_unit', sa.Numeric(precision=12, scale=4), nullable=False),
        sa.Column('unit', sa.String(length=24), nullable=False),
        sa.Column('currency', sa.String(length=3), nullable=False),
        sa.Column('source', sa.String(length=240), nullable=False),
        sa.CheckConstraint("unit IN ('km', 'mi')", name=op.f('ck_mileage_rate_distance_unit')),
        sa.CheckConstraint('until_on IS NULL OR effective_from_on < until_on', name=op.f('ck_mileage_rate_order')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_mileage_rate')),
    )
    checks = {'ck_mileage_rate_not_negative': 'per_unit >= 0'}
    if is_after:
        table.append_column(sa.Column('band_from_units', sa.Integer(), nullable=False, server_default=sa.text('0')))
        table.append_column(sa.Column('is_verified', sa.Boolean(), nullable=False, server_default=sa.true()))
        checks = {
            'ck_mileage_rate_not_negative': 'per_unit >= 0 AND band_from_units >= 0',
            'ck_mileage_rate_vehicle_kind': f'vehicle_kind IN ({KINDS})',
        }
    for name, check in checks.items():
        table.append_constraint(sa.CheckConstraint(check, name=op.f(name)))
    columns = UNIQUE_AFTER if is_after else UNIQUE_BEFORE
    table.append_constraint(sa.UniqueConstraint(*columns, name=unique_name(columns)))
    return table


def trips(is_after: bool = False) -> sa.Table:
    table = sa.Table(
        'trip',
        sa.MetaData(),
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('uid', sa.String(length=36), nullable=False),
        sa.Column('rep_id', sa.Integer(), nullable=False),
        sa.Column('on', sa.Date(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('from_label', sa.String(length=240), nullable=False),
        sa.Column('to_label', sa.String(length=240), nullable=False),
        sa.Column('from_account_id', sa.Integer(), nullable=True),
        sa.Column('to_account_id', sa.Integer(), nullable=True),
        *(sa.Column(name, sa.Double(), nullable=is_after) for name in ENDS),
        sa.Column('visit_id', sa.Integer(), nullable=True),
        sa.Column('purpose', sa.String(length=240), nullable=False),
        sa.Column('vehicle', sa.String(length=80), nullable=False),
        sa.Column('metres', sa.Integer(), nullable=False),
        sa.Column('road_metres', sa.Integer(), nullable=False),
        sa.Column('road_seconds', sa.Integer(), nullable=False),
        sa.Column('planned_metres', sa.Integer(), nullable=True),
        sa.Column('network_name', sa.String(length=80), nullable=False),
        sa.Column('network_version', sa.String(length=64), nullable=False),
        sa.Column('change_reason', sa.String(length=400), nullable=False),
        sa.Column('rate_id', sa.Integer(), nullable=True),
        sa.Column('amount_minor', sa.BigInteger(), nullable=False),
        sa.Column('currency', sa.String(length=3), nullable=False),
        sa.Column('entered_at', planner.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column('is_late', sa.Boolean(), nullable=False),
        sa.Column('corrects_id', sa.Integer(), nullable=True),
        sa.Column('is_void', sa.Boolean(), nullable=False),
        sa.Column('claim_id', sa.Integer(), nullable=True),
        *(new_trip_columns() if is_after else ()),
        sa.ForeignKeyConstraint(['claim_id'], ['claim.id'], name=op.f('fk_trip_claim_id_claim')),
        sa.ForeignKeyConstraint(['corrects_id'], ['trip.id'], name=op.f('fk_trip_corrects_id_trip')),
        sa.ForeignKeyConstraint(['from_account_id'], ['account.id'], name=op.f('fk_trip_from_account_id_account')),
        sa.ForeignKeyConstraint(['rate_id'], ['mileage_rate.id'], name=op.f('fk_trip_rate_id_mileage_rate')),
        sa.ForeignKeyConstraint(['rep_id'], ['rep.person_id'], name=op.f('fk_trip_rep_id_rep')),
        sa.ForeignKeyConstraint(['to_account_id'], ['account.id'], name=op.f('fk_trip_to_account_id_account')),
        sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_trip_visit_id_visit')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_trip')),
        sa.UniqueConstraint('corrects_id', name=op.f('uq_trip_corrects_id')),
        sa.UniqueConstraint('rep_id', 'uid', name=op.f('uq_trip_rep_id_uid')),
    )
    checks = new_trip_checks() if is_after else {'ck_trip_not_negative': 'metres >= 0 AND road_metres >= 0'}
    for name, check in checks.items():
        table.append_constraint(sa.CheckConstraint(check, name=op.f(name)))
    sa.Index(op.f('ix_trip_claim_id'), table.c.claim_id)
    sa.Index(op.f('ix_trip_rep_id_on'), table.c.rep_id, table.c.on)
    sa.Index(op.f('ix_trip_visit_id'), table.c.visit_id)
    if is_after:
        names = {'name': op.f('fk_trip_adjusts_id_trip')}
        table.append_constraint(sa.ForeignKeyConstraint(['adjusts_id'], ['trip.id'], **names))
        sa.Index(op.f('ix_trip_adjusts_id'), table.c.adjusts_id)
    return table


def create_tables() -> None:
    op.create_table(
        'trip_part',
        sa.Column('trip_id', sa.Integer(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('rate_id', sa.Integer(), nullable=True),
        sa.Column('metres', sa.Integer(), nullable=False),
        sa.Column('amount_minor', sa.BigInteger(), nullable=False),
        sa.CheckConstraint('metres > 0', name=op.f('ck_trip_part_positive')),
        sa.ForeignKeyConstraint(['rate_id'], ['mileage_rate.id'], name=op.f('fk_trip_part_rate_id_mileage_rate')),
        sa.ForeignKeyConstraint(
            ['trip_id'], ['trip.id'], name=op.f('fk_trip_part_trip_id_trip'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('trip_id', 'position', name=op.f('pk_trip_part')),
    )
    rep = ['rep_id'], ['rep.person_id']
    op.create_table(
        'vehicle',
        sa.Column('rep_id', sa.Integer(), nullable=False),
        sa.Column('from_on', sa.Date(), nullable=False),
        sa.Column('kind', sa.String(length=24), nullable=False),
        sa.Column('label', sa.String(length=80), nullable=False),
        sa.Column('former_metres', sa.BigInteger(), nullable=True),
        sa.Column('first_metres', sa.BigInteger(), nullable=True),
        sa.CheckConstraint('former_metres >= 0 AND first_metres >= 0', name=op.f('ck_vehicle_not_negative')),
        sa.CheckConstraint(f'kind IN ({KINDS})', name=op.f('ck_vehicle_vehicle_kind')),
        sa.ForeignKeyConstraint(*rep, name=op.f('fk_vehicle_rep_id_rep'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('rep_id', 'from_on', name=op.f('pk_vehicle')),
    )
    occasions = "'day', 'month', 'year', 'car_left', 'car_taken'"
    op.create_table(
        'odometer_reading',
        sa.Column('rep_id', sa.Integer(), nullable=False),
        sa.Column('on', sa.Date(), nullable=False),
        sa.Column('occasion', sa.String(length=24), nullable=False),
        sa.Column('odometer_metres', sa.BigInteger(), nullable=False),
        sa.Column('entered_at', planner.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint('odometer_metres >= 0', name=op.f('ck_odometer_reading_not_negative')),
        sa.CheckConstraint(f'occasion IN ({occasions})', name=op.f('ck_odometer_reading_occasion')),
        sa.ForeignKeyConstraint(*rep, name=op.f('fk_odometer_reading_rep_id_rep'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('rep_id', 'on', name=op.f('pk_odometer_reading')),
    )

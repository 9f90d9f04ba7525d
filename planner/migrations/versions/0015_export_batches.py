"""Export batches: approved claims, their lines, and the bytes of the file"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import planner.database


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

TABLES = ('export_piece', 'export_line', 'export_claim', 'export_total', 'export_batch')


def upgrade() -> None:
    op.create_table(
        'export_batch',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('made_at', planner.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column('made_by', sa.Integer(), nullable=False),
        sa.Column('preset', sa.String(length=40), nullable=False),
        sa.Column('wanted', sa.JSON(), nullable=False),
        sa.Column('claim_count', sa.Integer(), nullable=False),
        sa.Column('line_count', sa.Integer(), nullable=False),
        sa.Column('piece_count', sa.Integer(), nullable=False),
        sa.Column('byte_count', sa.BigInteger(), nullable=False),
        sa.Column('sha256', sa.String(length=64), nullable=False),
        sa.CheckConstraint('claim_count > 0 AND line_count > 0', name=op.f('ck_export_batch_not_empty')),
        sa.ForeignKeyConstraint(['made_by'], ['person.id'], name=op.f('fk_export_batch_made_by_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_export_batch')),
    )
    part(
        'export_total',
        sa.Column('currency', sa.String(length=3), nullable=False),
        sa.Column('line_count', sa.Integer(), nullable=False),
        sa.Column('trips_metres', sa.BigInteger(), nullable=False),
        sa.Column('trips_minor', sa.BigInteger(), nullable=False),
        sa.Column('expenses_minor', sa.BigInteger(), nullable=False),
        key='currency',
    )
    part(
        'export_claim',
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('claim_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['claim_id'], ['claim.id'], name=op.f('fk_export_claim_claim_id_claim')),
        sa.UniqueConstraint('claim_id', name=op.f('uq_export_claim_claim_id')),
    )
    part(
        'export_line',
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=24), nullable=False),
        sa.Column('subject_id', sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('trip', 'expense')", name=op.f('ck_export_line_ledger_kind')),
        sa.UniqueConstraint('kind', 'subject_id', name=op.f('uq_export_line_kind_subject_id')),
    )
    part(
        'export_piece',
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('content', sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def part(table: str, *columns: sa.Column | sa.Constraint, key: str = 'position') -> None:
    """A table of what a batch holds, one row a place."""
    op.create_table(
        table,
        sa.Column('batch_id', sa.Integer(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(['batch_id'], ['export_batch.id'], name=op.f(f'fk_{table}_batch_id_export_batch')),
        sa.PrimaryKeyConstraint('batch_id', key, name=op.f(f'pk_{table}')),
    )

"""Erasing a person: salted digests in the chains, who is erased and when; how long what is kept"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import planner.database


revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

KINDS = (
    'positions', 'ways', 'pictures', 'sync_items', 'runs', 'attempts', 'sessions', 'imports', 'notes', 'receipts',
    'money', 'audit',
)


def upgrade() -> None:
    """Links that stand keep their form: their digests were made in clear and are verified as they were."""
    for table, columns in new_columns().items():
        there = {column['name'] for column in sa.inspect(op.get_bind()).get_columns(table)}
        for column in columns:
            if column.name not in there:
                op.add_column(table, column)
    op.create_table(
        'sealed_link',
        sa.Column('kind', sa.String(length=16), nullable=False),
        sa.Column('subject_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('rest_sha256', sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_sealed_link_person_id_person')),
        sa.PrimaryKeyConstraint('kind', 'subject_id', name=op.f('pk_sealed_link')),
    )
    op.create_index(op.f('ix_sealed_link_person_id'), 'sealed_link', ['person_id'])
    op.create_table(
        'retention_rule',
        sa.Column('kind', sa.String(length=24), nullable=False),
        sa.Column('keep_days', sa.Integer(), nullable=False),
        sa.CheckConstraint('keep_days > 0', name=op.f('ck_retention_rule_positive')),
        sa.CheckConstraint(f"kind IN ({', '.join(map(repr, KINDS))})", name=op.f('ck_retention_rule_kept')),
        sa.PrimaryKeyConstraint('kind', name=op.f('pk_retention_rule')),
    )


def downgrade() -> None:
    """Digests, salts and who was erased stay in their columns: without them the links made since could never
    be proven again. Not where the proof of erased people's former links would go."""
    sealed = op.get_bind().scalar(sa.text('SELECT count(*) FROM sealed_link'))
    if sealed:
        raise RuntimeError(f'{sealed} links of erased people would lose their proof: restore a backup instead')
    op.drop_table('retention_rule')
    op.drop_table('sealed_link')


def new_columns() -> dict[str, list[sa.Column[object]]]:
    return {
        'person': [
            sa.Column('erase_on', sa.Date(), nullable=True),
            sa.Column('erased_at', planner.database.UtcDateTime(timezone=True), nullable=True),
        ],
        'audit_entry': digests(),
        'ledger_entry': digests(),
    }


def digests() -> list[sa.Column[object]]:
    return [
        sa.Column('salt', sa.String(length=32), nullable=True),
        sa.Column('personal_sha256', sa.String(length=64), nullable=True),
    ]

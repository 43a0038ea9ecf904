"""letters that are with their writers are found by an index"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

ONLY = sa.text("state = 'with_writer'")


def upgrade() -> None:
    op.create_index('ix_letter_with_writer', 'letter', ['confirmed_at'], unique=False, sqlite_where=ONLY, postgresql_where=ONLY)


def downgrade() -> None:
    op.drop_index('ix_letter_with_writer', table_name='letter', sqlite_where=ONLY, postgresql_where=ONLY)

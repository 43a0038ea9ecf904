"""logins"""

import sqlalchemy as sa
from alembic import op

import campaign.db

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('login',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('secret_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('name_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('begun_at', campaign.db.Instant(timezone=True), nullable=False),
    sa.Column('used_at', campaign.db.Instant(timezone=True), nullable=False),
    sa.Column('proved_at', campaign.db.Instant(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_login_account_id_account'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_login')),
    sa.UniqueConstraint('secret_hash', name=op.f('uq_login_secret_hash'))
    )
    with op.batch_alter_table('login') as batch_op:
        batch_op.create_index(batch_op.f('ix_login_account_id'), ['account_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('login') as batch_op:
        batch_op.drop_index(batch_op.f('ix_login_account_id'))

    op.drop_table('login')

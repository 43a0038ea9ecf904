"""second factor: one-time codes and recovery codes"""

import sqlalchemy as sa
from alembic import op

import campaign.db

revision = '0004'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('recovery_code',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('code_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('used_at', campaign.db.Instant(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_recovery_code_account_id_account'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_code')),
    sa.UniqueConstraint('account_id', 'code_hash', name=op.f('uq_recovery_code_account_id_code_hash'))
    )
    with op.batch_alter_table('account') as batch_op:
        batch_op.add_column(sa.Column('totp_sealed', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('totp_step', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('enrolled_at', campaign.db.Instant(timezone=True), nullable=True))



def downgrade() -> None:
    with op.batch_alter_table('account') as batch_op:
        batch_op.drop_column('enrolled_at')
        batch_op.drop_column('totp_step')
        batch_op.drop_column('totp_sealed')

    op.drop_table('recovery_code')

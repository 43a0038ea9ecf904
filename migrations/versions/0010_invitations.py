"""invitations"""

import sqlalchemy as sa
from alembic import op

import campaign.db

revision = '0010'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('invitation',
    sa.Column('address_index', sa.LargeBinary(length=32), nullable=False),
    sa.Column('email_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('name_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('country', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=True),
    sa.Column('invited_by', sa.Uuid(), nullable=True),
    sa.Column('created_at', campaign.db.Instant(timezone=True), nullable=False),
    sa.Column('ends_at', campaign.db.Instant(timezone=True), nullable=False),
    sa.Column('decided_at', campaign.db.Instant(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("role IN ('admin', 'organiser', 'reviewer', 'translator', 'volunteer')", name=op.f('ck_invitation_role')),
    sa.CheckConstraint("state IN ('waiting', 'accepted', 'withdrawn', 'expired')", name=op.f('ck_invitation_state')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_invitation_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['invited_by'], ['account.id'], name=op.f('fk_invitation_invited_by_account'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation'))
    )
    with op.batch_alter_table('invitation') as batch_op:
        batch_op.create_index('uq_invitation_waiting', ['address_index'], unique=True, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))


def downgrade() -> None:
    with op.batch_alter_table('invitation') as batch_op:
        batch_op.drop_index('uq_invitation_waiting', sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))

    op.drop_table('invitation')

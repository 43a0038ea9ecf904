"""the directory of offices: who checked them, how they stood before, and all that they are found by"""

import sqlalchemy as sa
from alembic import op

import campaign.db
from campaign.text.spelling import fold

revision = '0008'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('authority_check',
    sa.Column('authority_id', sa.Uuid(), nullable=False),
    sa.Column('at', campaign.db.Instant(timezone=True), nullable=False),
    sa.Column('checked_by', sa.Uuid(), nullable=True),
    sa.Column('said_by', sa.String(), nullable=True),
    sa.Column('found', sa.String(), nullable=False),
    sa.Column('postal', sa.JSON(), nullable=False),
    sa.Column('mailboxes', sa.JSON(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("found IN ('right', 'doubted')", name=op.f('ck_authority_check_found')),
    sa.CheckConstraint('checked_by IS NOT NULL OR said_by IS NOT NULL', name=op.f('ck_authority_check_somebody')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_authority_check_authority_id_authority'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['checked_by'], ['account.id'], name=op.f('fk_authority_check_checked_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_authority_check'))
    )
    with op.batch_alter_table('authority_check') as batch_op:
        batch_op.create_index(batch_op.f('ix_authority_check_authority_id'), ['authority_id'], unique=False)

    op.create_table('authority_version',
    sa.Column('authority_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('at', campaign.db.Instant(timezone=True), nullable=False),
    sa.Column('typed_by', sa.Uuid(), nullable=True),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_authority_version_authority_id_authority'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['typed_by'], ['account.id'], name=op.f('fk_authority_version_typed_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_authority_version')),
    sa.UniqueConstraint('authority_id', 'number', name=op.f('uq_authority_version_authority_id_number'))
    )
    with op.batch_alter_table('authority') as batch_op:
        batch_op.add_column(sa.Column('address_by', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('search', sa.String(), nullable=False, server_default=''))
        batch_op.create_foreign_key(batch_op.f('fk_authority_address_by_account'), 'account', ['address_by'], ['id'])
    _fill_search()
    with op.batch_alter_table('authority') as batch_op:
        batch_op.alter_column('search', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('authority') as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_authority_address_by_account'), type_='foreignkey')
        batch_op.drop_column('search')
        batch_op.drop_column('address_by')

    op.drop_table('authority_version')
    with op.batch_alter_table('authority_check') as batch_op:
        batch_op.drop_index(batch_op.f('ix_authority_check_authority_id'))

    op.drop_table('authority_check')


def _fill_search() -> None:
    office = sa.table('authority', sa.column('id', sa.Uuid()), sa.column('key'), sa.column('lines', sa.JSON()), sa.column('search'))
    title = sa.table('authority_text', sa.column('authority_id', sa.Uuid()), sa.column('office'))
    mailbox = sa.table('mailbox', sa.column('authority_id', sa.Uuid()), sa.column('address'))
    connection = op.get_bind()
    for row in connection.execute(sa.select(office.c.id, office.c.key, office.c.lines)).all():
        titles = connection.scalars(sa.select(title.c.office).where(title.c.authority_id == row.id, title.c.office.is_not(None))).all()
        mailboxes = connection.scalars(sa.select(mailbox.c.address).where(mailbox.c.authority_id == row.id)).all()
        words = ' '.join(fold(part) for part in (row.key, *titles, *row.lines, *mailboxes))
        connection.execute(sa.update(office).where(office.c.id == row.id).values(search=words))

"""cases at the desk"""

import sqlalchemy as sa
from alembic import op

import campaign.db

CONSENTED = "publication <> 'public' OR basis = 'public_sources' OR consent_until IS NOT NULL"

revision = '0006'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('case_consent',
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('giver', sa.String(), nullable=False),
    sa.Column('who_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('covers', sa.JSON(), nullable=False),
    sa.Column('given_on', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=False),
    sa.Column('evidence_size', sa.Integer(), nullable=True),
    sa.Column('evidence_name_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('recorded_at', campaign.db.Instant(timezone=True), nullable=False),
    sa.Column('withdrawn_at', campaign.db.Instant(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("giver IN ('person', 'family', 'lawyer')", name=op.f('ck_case_consent_giver')),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_case_consent_case_id_case_file'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_consent'))
    )
    with op.batch_alter_table('case_consent') as batch_op:
        batch_op.create_index(batch_op.f('ix_case_consent_case_id'), ['case_id'], unique=False)

    op.create_table('case_photo',
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('mark', sa.String(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('made_at', campaign.db.Instant(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_case_photo_case_id_case_file'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_photo')),
    sa.UniqueConstraint('case_id', name=op.f('uq_case_photo_case_id'))
    )
    op.create_table('case_report',
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('words_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('address_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('received_at', campaign.db.Instant(timezone=True), nullable=False),
    sa.Column('answered_at', campaign.db.Instant(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("kind IN ('mistake', 'removal')", name=op.f('ck_case_report_kind')),
    sa.CheckConstraint("state IN ('open', 'answered')", name=op.f('ck_case_report_state')),
    sa.ForeignKeyConstraint(['case_id'], ['case_file.id'], name=op.f('fk_case_report_case_id_case_file'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_report'))
    )
    with op.batch_alter_table('case_report') as batch_op:
        batch_op.create_index(batch_op.f('ix_case_report_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_report_state_received_at'), ['state', 'received_at'], unique=False)

    op.create_table('case_photo_text',
    sa.Column('photo_id', sa.Uuid(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('alt', sa.String(), nullable=False),
    sa.Column('credit', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['photo_id'], ['case_photo.id'], name=op.f('fk_case_photo_text_photo_id_case_photo'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('photo_id', 'language', name=op.f('pk_case_photo_text'))
    )
    with op.batch_alter_table('case_file') as batch_op:
        batch_op.add_column(sa.Column('publication', sa.String(), nullable=False, server_default='public'))  # all that is there was shown
        batch_op.add_column(sa.Column('consent_until', sa.Date(), nullable=True))
        batch_op.drop_constraint(op.f('ck_case_file_basis'), type_='check')
        batch_op.create_index(batch_op.f('ix_case_file_publication_consent_until'), ['publication', 'consent_until'], unique=False)

    with op.batch_alter_table('case_file') as batch_op:
        batch_op.alter_column('publication', server_default=None)
        batch_op.create_check_constraint(op.f('ck_case_file_basis'), "basis IN ('public_sources', 'consent')")
        batch_op.create_check_constraint(op.f('ck_case_file_publication'), "publication IN ('draft', 'public', 'hidden')")
        batch_op.create_check_constraint(op.f('ck_case_file_consented'), CONSENTED)

    with op.batch_alter_table('case_name') as batch_op:
        batch_op.add_column(sa.Column('language', sa.String(), nullable=True))

    with op.batch_alter_table('source') as batch_op:
        batch_op.add_column(sa.Column('url', sa.String(), nullable=True))



def downgrade() -> None:
    _refuse_to_show()
    with op.batch_alter_table('source') as batch_op:
        batch_op.drop_column('url')

    with op.batch_alter_table('case_name') as batch_op:
        batch_op.drop_column('language')

    with op.batch_alter_table('case_file') as batch_op:
        for name in ('basis', 'publication', 'consented'):
            batch_op.drop_constraint(op.f(f'ck_case_file_{name}'), type_='check')
        batch_op.create_check_constraint(op.f('ck_case_file_basis'), "basis = 'public_sources'")
        batch_op.drop_index(batch_op.f('ix_case_file_publication_consent_until'))
        batch_op.drop_column('consent_until')
        batch_op.drop_column('publication')

    op.drop_table('case_photo_text')
    with op.batch_alter_table('case_report') as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_report_state_received_at'))
        batch_op.drop_index(batch_op.f('ix_case_report_case_id'))

    op.drop_table('case_report')
    op.drop_table('case_photo')
    with op.batch_alter_table('case_consent') as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_consent_case_id'))

    op.drop_table('case_consent')


def _refuse_to_show() -> None:
    # The version before this one shows every case there is.
    kept_back = op.get_bind().exec_driver_sql("SELECT count(*) FROM case_file WHERE publication <> 'public' OR basis <> 'public_sources'").scalar_one()
    if kept_back:
        raise RuntimeError(f"{kept_back} cases are not public, or only as long as somebody agrees: the older version would show them to everybody. Remove them first.")

"""drives: drafts, partners, actions by day"""

import sqlalchemy as sa
from alembic import op

DAYS = """INSERT INTO appeal_day (appeal_id, day, actions)
SELECT appeal_id, day, count(*) FROM (
  SELECT appeal_id, %(day)s AS day FROM signature WHERE counted UNION ALL SELECT appeal_id, %(day)s AS day FROM letter WHERE counted
) AS counted GROUP BY appeal_id, day"""
UTC_DAY = {"sqlite": "date(confirmed_at)", "postgresql": "date(timezone('UTC', confirmed_at))"}

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('drive_organisation',
    sa.Column('drive_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['drive_id'], ['drive.id'], name=op.f('fk_drive_organisation_drive_id_drive'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_drive_organisation_organisation_id_organisation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('drive_id', 'organisation_id', name=op.f('pk_drive_organisation'))
    )
    op.create_table('appeal_day',
    sa.Column('appeal_id', sa.Uuid(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('actions', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['appeal_id'], ['appeal.id'], name=op.f('fk_appeal_day_appeal_id_appeal'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('appeal_id', 'day', name=op.f('pk_appeal_day'))
    )
    op.execute(DAYS % {"day": UTC_DAY[op.get_bind().dialect.name]})  # what was counted before there were days
    with op.batch_alter_table('drive') as batch_op:
        batch_op.add_column(sa.Column('state', sa.String(), nullable=False, server_default="public"))  # drives were public as soon as they were there
        batch_op.add_column(sa.Column('edits', sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table('drive') as batch_op:
        batch_op.alter_column('state', server_default=None)
        batch_op.alter_column('edits', server_default=None)
        batch_op.create_check_constraint(op.f("ck_drive_state"), "state IN ('draft', 'public')")
        batch_op.create_check_constraint(op.f("ck_drive_dates"), "starts_on <= ends_on")


def downgrade() -> None:
    with op.batch_alter_table('drive') as batch_op:
        batch_op.drop_constraint(op.f("ck_drive_dates"), type_="check")
        batch_op.drop_constraint(op.f("ck_drive_state"), type_="check")
        batch_op.drop_column('edits')
        batch_op.drop_column('state')

    op.drop_table('appeal_day')
    op.drop_table('drive_organisation')

"""the desk: trail, organisations, roles, approvals"""

import sqlalchemy as sa
from alembic import op

import campaign.db

ROLE = "role IN (%s)"
OLD_ROLES, ROLES = "'organiser', 'volunteer'", "'admin', 'organiser', 'reviewer', 'translator', 'volunteer'"

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit_entry',
    sa.Column('at', campaign.db.Instant(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Uuid(), nullable=True),
    sa.Column('action', sa.String(), nullable=False),
    sa.Column('object_kind', sa.String(), nullable=False),
    sa.Column('object_id', sa.String(), nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entry'))
    )
    with op.batch_alter_table('audit_entry') as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_entry_action'), ['action'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_entry_actor_id'), ['actor_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_entry_object_kind_object_id'), ['object_kind', 'object_id'], unique=False)

    op.create_table('organisation',
    sa.Column('slug', sa.String(), nullable=False),
    sa.Column('single_handed', sa.Boolean(), nullable=False),
    sa.Column('links', sa.JSON(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation')),
    sa.UniqueConstraint('slug', name=op.f('uq_organisation_slug'))
    )
    op.create_table('approval',
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('object_id', sa.String(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=True),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('after', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('alone', sa.Boolean(), nullable=False),
    sa.Column('asked_by', sa.Uuid(), nullable=False),
    sa.Column('asked_at', campaign.db.Instant(timezone=True), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', campaign.db.Instant(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("state IN ('asked', 'granted', 'refused', 'withdrawn')", name=op.f('ck_approval_state')),
    sa.CheckConstraint('decided_by IS NULL OR decided_by <> asked_by OR alone', name=op.f('ck_approval_second_person')),
    sa.ForeignKeyConstraint(['asked_by'], ['account.id'], name=op.f('fk_approval_asked_by_account')),
    sa.ForeignKeyConstraint(['decided_by'], ['account.id'], name=op.f('fk_approval_decided_by_account')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_approval_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval'))
    )
    with op.batch_alter_table('approval') as batch_op:
        batch_op.create_index(batch_op.f('ix_approval_kind_object_id'), ['kind', 'object_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_approval_state'), ['state'], unique=False)

    op.create_table('membership',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_membership_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_membership_organisation_id_organisation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('account_id', 'organisation_id', name=op.f('pk_membership'))
    )
    op.create_table('organisation_text',
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('about', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_organisation_text_organisation_id_organisation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organisation_id', 'language', name=op.f('pk_organisation_text'))
    )
    op.create_table('role_grant',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('drive_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("role IN ('admin', 'organiser', 'reviewer', 'translator', 'volunteer')", name=op.f('ck_role_grant_role')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_role_grant_account_id_account'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_grant')),
    sa.UniqueConstraint('account_id', 'role', 'drive_id', name=op.f('uq_role_grant_account_id_role_drive_id'))
    )
    with op.batch_alter_table('appeal') as batch_op:
        batch_op.add_column(sa.Column('organisation_id', sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_appeal_organisation_id_organisation'), 'organisation', ['organisation_id'], ['id'])

    with op.batch_alter_table('case_file') as batch_op:
        batch_op.add_column(sa.Column('organisation_id', sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_case_file_organisation_id_organisation'), 'organisation', ['organisation_id'], ['id'])

    with op.batch_alter_table('drive') as batch_op:
        batch_op.add_column(sa.Column('organisation_id', sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_drive_organisation_id_organisation'), 'organisation', ['organisation_id'], ['id'])

    _roles(ROLES)
    _only_ever_added_to()


def downgrade() -> None:
    _let_go()
    # The version before knew two roles. Nobody's row is lost; who could do more is looked at again by whoever goes back.
    op.execute("UPDATE account SET role = CASE role WHEN 'admin' THEN 'organiser' ELSE 'volunteer' END WHERE role NOT IN ('organiser', 'volunteer')")
    _roles(OLD_ROLES)
    with op.batch_alter_table('drive') as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_drive_organisation_id_organisation'), type_='foreignkey')
        batch_op.drop_column('organisation_id')

    with op.batch_alter_table('case_file') as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_case_file_organisation_id_organisation'), type_='foreignkey')
        batch_op.drop_column('organisation_id')

    with op.batch_alter_table('appeal') as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_appeal_organisation_id_organisation'), type_='foreignkey')
        batch_op.drop_column('organisation_id')

    op.drop_table('role_grant')
    op.drop_table('organisation_text')
    op.drop_table('membership')
    with op.batch_alter_table('approval') as batch_op:
        batch_op.drop_index(batch_op.f('ix_approval_state'))
        batch_op.drop_index(batch_op.f('ix_approval_kind_object_id'))

    op.drop_table('approval')
    op.drop_table('organisation')
    with op.batch_alter_table('audit_entry') as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_entry_object_kind_object_id'))
        batch_op.drop_index(batch_op.f('ix_audit_entry_actor_id'))
        batch_op.drop_index(batch_op.f('ix_audit_entry_action'))

    op.drop_table('audit_entry')


def _roles(roles: str) -> None:
    with op.batch_alter_table("account") as batch_op:
        batch_op.drop_constraint(op.f("ck_account_role"), type_="check")
        batch_op.create_check_constraint(op.f("ck_account_role"), ROLE % roles)


def _only_ever_added_to() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER audit_entry_no_{what.lower()} BEFORE {what} ON audit_entry BEGIN SELECT RAISE(ABORT, 'the trail is only ever added to'); END")
        return
    op.execute("CREATE FUNCTION refuse_to_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the trail is only ever added to'; END $$")
    op.execute("CREATE TRIGGER audit_entry_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change()")


def _let_go() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for what in ("update", "delete"):
            op.execute(f"DROP TRIGGER audit_entry_no_{what}")
        return
    op.execute("DROP TRIGGER audit_entry_only_added_to ON audit_entry")
    op.execute("DROP FUNCTION refuse_to_change()")

"""launching appeals: what is typed, the moment, more states, and what has not left"""

import sqlalchemy as sa
from alembic import op

import campaign.db

STATE = "state IN (%s)"
OLD_STATES = "'draft', 'live', 'paused', 'closed', 'withdrawn'"
STATES = "'draft', 'in_review', 'scheduled', 'live', 'paused', 'closed', 'archived', 'withdrawn'"
NOT_LEFT = sa.text("state NOT IN ('sent', 'posted', 'withdrawn')")

revision = "0007"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "launch",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("edited_by", sa.Uuid(), nullable=False),
        sa.Column("edited_at", campaign.db.Instant(timezone=True), nullable=False),
        sa.Column("ended_at", campaign.db.Instant(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_launch_case_id_case_file")),
        sa.ForeignKeyConstraint(["edited_by"], ["account.id"], name=op.f("fk_launch_edited_by_account")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_launch_organisation_id_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_launch")),
    )
    with op.batch_alter_table("launch") as batch_op:
        batch_op.create_index(batch_op.f("ix_launch_case_id"), ["case_id"], unique=False)

    with op.batch_alter_table("appeal") as batch_op:
        batch_op.add_column(sa.Column("launch_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("goes_live_at", campaign.db.Instant(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_appeal_launch_id_launch"), "launch", ["launch_id"], ["id"])

    _states(STATES)

    with op.batch_alter_table("appeal_version") as batch_op:
        batch_op.add_column(sa.Column("demands", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("appeal_version") as batch_op:
        batch_op.alter_column("demands", server_default=None)

    with op.batch_alter_table("letter") as batch_op:
        batch_op.create_index("ix_letter_not_left", ["appeal_id", "state", "channel"], unique=False, sqlite_where=NOT_LEFT, postgresql_where=NOT_LEFT)


def downgrade() -> None:
    with op.batch_alter_table("letter") as batch_op:
        batch_op.drop_index("ix_letter_not_left", sqlite_where=NOT_LEFT, postgresql_where=NOT_LEFT)

    with op.batch_alter_table("appeal_version") as batch_op:
        batch_op.drop_column("demands")

    op.execute("UPDATE appeal SET state = 'draft' WHERE state IN ('in_review', 'scheduled')")
    op.execute("UPDATE appeal SET state = 'closed' WHERE state = 'archived'")
    _states(OLD_STATES)
    with op.batch_alter_table("appeal") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_appeal_launch_id_launch"), type_="foreignkey")
        batch_op.drop_column("goes_live_at")
        batch_op.drop_column("launch_id")

    with op.batch_alter_table("launch") as batch_op:
        batch_op.drop_index(batch_op.f("ix_launch_case_id"))

    op.drop_table("launch")


def _states(states: str) -> None:
    with op.batch_alter_table("appeal") as batch_op:
        batch_op.drop_constraint(op.f("ck_appeal_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_appeal_state"), STATE % states)

"""The database goes away in the middle of signing: it is told as what it is, and the next one signs."""

import psycopg
import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from campaign.app import CampaignApp
from campaign.appeals.models import Appeal
from campaign.db import db
from campaign.prepared import Prepared


def test_a_prepared_statement_tells_of_a_lost_connection_and_the_next_one_is_new(postgres_app: CampaignApp) -> None:
    statement = Prepared(select(Appeal.id).limit(1))
    connection = db.session.connection()
    backend = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    with psycopg.connect(postgres_app.settings.database, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (backend,))

    with pytest.raises(OperationalError) as fault:
        statement.first(connection, {})

    assert fault.value.connection_invalidated
    db.session.rollback()
    assert statement.first(db.session.connection(), {}) is None

"""The limits of the web: Flask views that do one thing and nothing else. Served by the same server with the same flags."""

import os
import uuid
from datetime import UTC, datetime

from flask import Flask, request

from bench.tables import Row, db

CONSTANT = b"x" * int(os.environ.get("BARE_BYTES", "12"))

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
db.init_app(app)


@app.get("/constant")
def constant() -> bytes:
    """As many bytes as the page that is compared has."""
    return CONSTANT


@app.post("/row")
def row() -> str:
    """One row, committed."""
    db.session.add(Row(id=uuid.uuid4(), name=request.form["name"], email=request.form["email"], created_at=datetime.now(UTC)))
    db.session.commit()
    return "kept"

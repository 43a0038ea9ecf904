"""Pages of the desk on which a report about a case is read and answered."""

import uuid
from contextlib import suppress

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from campaign.cases import reports
from campaign.cases.desk import find
from campaign.cases.models import Case, CaseReport
from campaign.cases.service import main_name
from campaign.cases.words import REPORT_WORDS
from campaign.db import now_utc
from campaign.organisers.forms import ButtonForm
from campaign.organisers.sessions import me

desk = Blueprint("reporting", __name__, url_prefix="/desk/cases/<slug>/reports/<uuid:report_id>")


@desk.post("/read")
def read(slug: str, report_id: uuid.UUID) -> ResponseReturnValue:
    """What was reported. A button and no link, for that somebody looked is written down."""
    case, row = _one(slug, report_id)
    words, address = reports.read(case, row, by=me(), now=now_utc())
    return render_template("cases/reported.html", case=case, name=main_name(case), row=row, words=words, address=address, kind=REPORT_WORDS[row.kind])


@desk.post("/answer")
def answer(slug: str, report_id: uuid.UUID) -> ResponseReturnValue:
    """It was dealt with."""
    case, row = _one(slug, report_id)
    with suppress(reports.ReportAnswered):  # somebody else pressed it first: the page says so
        reports.answer(case, row, by=me(), now=now_utc())
    return redirect(url_for("cases.show", slug=slug), 303)


def _one(slug: str, report_id: uuid.UUID) -> tuple[Case, CaseReport]:
    case = find(slug, lock=True)
    if not ButtonForm().validate():
        abort(400)
    try:
        return case, reports.one(case, report_id)
    except reports.ReportUnknown:
        abort(404)

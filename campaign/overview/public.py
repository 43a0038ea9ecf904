"""Pages for supporters that are made of several features."""

import structlog
from flask import Blueprint, Response, abort, current_app, render_template, request, url_for
from sqlalchemy import select

from campaign.appeals.drives.service import DriveUnknown
from campaign.appeals.service import Progress
from campaign.cases.models import HELD, RESTRICTED, STATUSES
from campaign.cases.service import LONGEST_QUERY, CaseUnknown, find_case
from campaign.cases.words import DEMAND_WORDS, ENTRY_WORDS, STATUS_WORDS
from campaign.db import Site, db, now_utc
from campaign.organisers.organisations import OrganisationUnknown, named
from campaign.overview import cloth, service
from campaign.overview import toolkit as toolkits
from campaign.overview.drive import drive_page
from campaign.overview.kept import Kept, answer, kept
from campaign.overview.kept_files import Files, mark_of
from campaign.overview.organisation_page import organisation_page
from campaign.overview.qr import qr_code
from campaign.paper import MissingGlyph, toolkit_pdf
from campaign.text import _, language_name

log = structlog.get_logger()
pages = Blueprint("overview", __name__)
WAYS = {"letter": "letters.write", "petition": "petitions.sign", "solidarity": "letters.write"}
"""Where each kind of call to action is taken up."""


@pages.app_context_processor
def _words() -> dict[str, object]:
    return {"status_words": STATUS_WORDS, "demand_words": DEMAND_WORDS, "entry_words": ENTRY_WORDS, "way_to": _way_to, "woven": _woven, "named": named}


def _woven(slug: str, so_far: Progress) -> str:
    return cloth.woven(slug, cloth.threads_woven(so_far.now, so_far.goal))


def _way_to(call: service.Call) -> str:
    return url_for(WAYS[call.kind], slug=call.slug)


@pages.get("/")
@kept("country", "status", "page", typed=("q",))
def home() -> str:
    """People to write for, found by name, country or status."""
    asked = {name: request.args.get(name, "").strip()[:LONGEST_QUERY] for name in ("q", "country", "status")}
    status = asked["status"] if asked["status"] in STATUSES else ""
    page = int(number) if (number := request.args.get("page", "")).isdecimal() and len(number) < 4 and int(number) > 0 else 1
    shown = service.home(text=asked["q"], country=asked["country"], status=status, page=page, now=now_utc())
    return render_template("overview/home.html", shown=shown, asked={**asked, "status": status}, page=page, held=(*HELD, *RESTRICTED))


@pages.get("/good-news")
@kept()
def good_news() -> str:
    """Everybody who is free again."""
    return render_template("overview/good_news.html", people=service.good_news(now=now_utc()))


@pages.get("/countries/<code>")
@kept()
def country(code: str) -> str:
    """A country's cases, the offices that decide, and what changed."""
    shown = service.country(code, now=now_utc()) or abort(404)
    return render_template("overview/country.html", shown=shown, code=code)


@pages.get("/cases/<slug>")
@kept()
def case(slug: str) -> str:
    """Who, what happened, how long already, and what to do."""
    try:
        shown = service.case_page(slug, now=now_utc())
    except CaseUnknown:
        abort(404)
    address = f"{current_app.jinja_env.globals['site_url']}{url_for('overview.case', slug=slug)}"
    return render_template("overview/case.html", shown=shown, person=shown.person, address=address, qr=qr_code(address))


@pages.get("/drives/<slug>")
@kept()
def drive(slug: str) -> str:
    """A season of letters: who it is for, who carries it, and how far it has come."""
    try:
        shown = drive_page(slug, now=now_utc())
    except DriveUnknown:
        abort(404)
    return render_template("overview/drive.html", shown=shown)


@pages.get("/drives/<slug>/toolkit/<case_slug>")
@kept()
def toolkit(slug: str, case_slug: str) -> str:
    """The sheets for an evening of letters, to print."""
    return render_template("overview/toolkit.html", evening=_evening(slug, case_slug), language_name=language_name)


@pages.get("/drives/<slug>/toolkit/<case_slug>/<language>/<part>.pdf")
def toolkit_file(slug: str, case_slug: str, language: str, part: str) -> Response:
    """One of the sheets, or all of them in one file."""
    found = _evening(slug, case_slug)
    try:
        kit = toolkits.compose(found, part=part, language=language, site=_site())
        mark = mark_of(kit)
        response = Response(_files().get(mark, lambda: toolkit_pdf(kit)), content_type="application/pdf")
    except (toolkits.NoToolkit, MissingGlyph) as fault:
        log.info("no sheet", part=part, why=type(fault).__name__)
        abort(404)
    response.set_etag(mark)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Content-Disposition"] = f'inline; filename="{case_slug}-{part}-{language}.pdf"'
    response.make_conditional(request)
    return response


def _evening(slug: str, case_slug: str) -> toolkits.Evening:
    try:
        return toolkits.evening(slug, case_slug, now=now_utc())
    except (DriveUnknown, toolkits.NoToolkit):
        abort(404)


def _site() -> toolkits.Site:
    settings = current_app.settings  # type: ignore[attr-defined]  # CampaignApp
    return toolkits.Site(
        case_address=lambda slug: f"{settings.site_url}{url_for('overview.case', slug=slug)}",
        appeal_address=lambda appeal: f"{settings.site_url}{url_for(WAYS[appeal.kind], slug=appeal.slug)}",
        posted_from=settings.posting_country,
        mark=_("Sample, do not post") if settings.sample else "",
    )


def _files() -> Files:
    store: Files = current_app.extensions.setdefault("kept-files", Files())
    return store


@pages.get("/cases/<slug>/cloth.svg")
def cloth_file(slug: str) -> Response:
    """The case's cloth by itself."""
    try:
        find_case(slug)
    except CaseUnknown:
        abort(404)
    return answer(Kept.make(cloth.svg(slug).encode(), kind="image/svg+xml"), caching="public, max-age=86400")


@pages.get("/organisations/<slug>")
@kept()
def organisation(slug: str) -> str:
    """Who they are, the people they campaign for, and how to help beyond letters."""
    try:
        shown = organisation_page(slug, now=now_utc())
    except OrganisationUnknown:
        abort(404)
    return render_template("overview/organisation.html", shown=shown)


@pages.get("/privacy")
@kept()
def privacy() -> str:
    """What is kept about a supporter, who sees it, and for how long."""
    return render_template("overview/privacy.html")


@pages.get("/healthz")
def health() -> tuple[str, int, dict[str, str]]:
    """Whether web and database answer."""
    db.session.scalar(select(Site.stamp))
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}

"""create_app(): the only place that knows every feature."""

from functools import cache
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import structlog
from flask import Flask, Request, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from flask_mail import Mail
from flask_migrate import Migrate
from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import BadHost
from werkzeug.middleware.proxy_fix import ProxyFix

from campaign import text
from campaign.appeals import desk as appeals
from campaign.appeals.drives import desk as drives
from campaign.cases import desk as cases
from campaign.cases import desk_photographs as photographs
from campaign.cases import desk_publishing as publishing
from campaign.cases import desk_reports as reporting
from campaign.cases import public as reports
from campaign.db import Site, db, start_reading
from campaign.letters import public as letters
from campaign.openletters import public as openletters
from campaign.organisers import account, people, sessions
from campaign.organisers import desk as organisers
from campaign.organisers.belonging import NotTheirs
from campaign.organisers.matrix import UPLOADS
from campaign.overview import approving, assets, cloth, desk, office_files, offices
from campaign.overview import public as overview
from campaign.overview.accounts import desk as accounts
from campaign.overview.doorstep import Doorstep
from campaign.overview.organisations import desk as organisations
from campaign.overview.trail import desk as trail
from campaign.petitions import public as petitions
from campaign.printing import desk as printing
from campaign.security import keys, tokens
from campaign.security.cookies import SignedCookies
from campaign.security.headers import add_headers
from config import Settings, load

log = structlog.get_logger()
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
RETRY_SECONDS = 15
WORDS_BESIDE = 256 * 1024
"""Bytes of a form beside the file in it."""


class WrongMode(SystemExit):
    """The database was made in the other mode."""


class InMemory(Request):
    """What somebody uploads is never on the disk unsealed: its length is limited, so it fits in memory."""

    def _get_file_stream(self, *args: Any, **values: Any) -> BytesIO:
        return BytesIO()


class CampaignApp(Flask):
    """Flask, with one place where a request's changes are committed."""

    request_class = InMemory
    session_interface = SignedCookies()
    settings: Settings

    def dispatch_request(self) -> ResponseReturnValue:
        answer = super().dispatch_request()
        refused = isinstance(answer, tuple) and isinstance(answer[1], int) and answer[1] >= 400
        if request.method not in SAFE and not refused:
            db.session.commit()
        return answer

    def log_exception(self, exc_info: Any) -> None:
        """Names the page and not its address: that of a private link opens it."""
        self.logger.error("Exception in %s [%s]", request.endpoint, request.method, exc_info=exc_info)


def create_app(settings: Settings | None = None) -> CampaignApp:
    """The web application; the worker and the commands use it too, for its settings and its database."""
    settings = settings or load()
    app = CampaignApp(__name__, template_folder="../templates", static_folder=None)
    app.settings = settings
    settings.instance.mkdir(parents=True, exist_ok=True)
    keys.hold(keys.KeyRing(settings.ring, next(iter(settings.ring)), settings.index_bytes))
    tokens.hold_secret(settings.secret_key)
    app.config.update(_flask_settings(settings))
    _load_tables()
    db.init_app(app)
    Migrate(app, db, directory=f"{app.root_path}/../migrations", compare_type=True, render_as_batch=True)
    app.wsgi_app = Doorstep(app.wsgi_app, cache(lambda: _engine(app)))  # type: ignore[method-assign]  # the way Flask says
    if settings.trusted_proxies:  # else everybody would come from the proxy's address, and share its limit of logins
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=settings.trusted_proxies, x_host=0)  # type: ignore[method-assign]  # the way Flask says
    Babel(app, locale_selector=_choose_language)
    Mail(app)
    add_headers(app)
    _register_pages(app)
    _register_errors(app)
    _add_words(app)
    return app


def _engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


def _load_tables() -> None:
    # All of them, whether a page uses them yet or not: migrations and foreign keys need to know every table.
    for path in sorted(Path(__file__).parent.glob("*/models.py")):
        import_module(f"campaign.{path.parent.name}.models")


def serving() -> CampaignApp:
    """The application for gunicorn: refuses a database that was made in the other mode."""
    app = create_app()
    with app.app_context():
        check_mode(app.settings)
        db.engine.dispose()  # gunicorn may fork from here (--preload): no connection is shared
    return app


def check_mode(settings: Settings) -> None:
    """Raise WrongMode where the database's mode is not the one that is being served."""
    made_for_sample = db.session.scalar(select(Site.sample))
    db.session.remove()
    if made_for_sample is None or made_for_sample != settings.sample:
        raise WrongMode(
            "This database was made in sample mode: it is never served outside of it. Use another database."
            if made_for_sample
            else "This database was not made in sample mode, or not made yet: it is not served in it. Run “python -m campaign migrate” first, or use another database."
        )


def _flask_settings(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.site_url.startswith("https:"),
        "MAX_CONTENT_LENGTH": 3 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 3 * 1024 * 1024,
        "WTF_CSRF_TIME_LIMIT": 12 * 3600,
        "SQLALCHEMY_DATABASE_URI": settings.database,
        "BABEL_DEFAULT_LOCALE": settings.language_list[0],
        "BABEL_TRANSLATION_DIRECTORIES": "translations",
        "MAIL_SERVER": settings.mail_server,
        "MAIL_PORT": settings.mail_port,
        "MAIL_USE_TLS": settings.mail_use_tls,
        "MAIL_USE_SSL": settings.mail_use_ssl,
        "MAIL_USERNAME": settings.mail_username,
        "MAIL_PASSWORD": settings.mail_password,
        "MAIL_TIMEOUT": settings.mail_timeout,
        "MAIL_DEFAULT_SENDER": settings.mail_default_sender,
    }


def _choose_language() -> str:
    known = text_languages()
    if len(known) == 1:
        return known[0]
    return request.accept_languages.best_match(known) or known[0] if request else known[0]


def text_languages() -> list[str]:
    """The languages pages can be read in."""
    return [tag.replace("-", "_") for tag in current_app.settings.language_list]  # type: ignore[attr-defined]  # set in create_app


def _register_pages(app: Flask) -> None:
    for blueprint in (
        assets.files,
        overview.pages,
        petitions.pages,
        letters.pages,
        openletters.pages,
        organisers.desk,
        account.desk,
        people.desk,
        cases.desk,
        publishing.desk,
        reporting.desk,
        reports.pages,
        appeals.desk,
        reports.photos,
        photographs.desk,
        printing.desk,
        desk.desk,
        organisations,
        accounts,
        trail,
        approving.desk,
        offices.desk,
        drives.desk,
        office_files.desk,
    ):
        app.register_blueprint(blueprint)

    @app.before_request
    def _start() -> None:
        start_reading(request.method in SAFE)
        most = UPLOADS.get(request.endpoint or "")
        if most is not None:
            request.max_content_length = most + WORDS_BESIDE
        elif request.mimetype == "multipart/form-data":  # no other form of ours takes a file, and a file in the place of words is none
            abort(400)

    app.before_request(sessions.guard)

    @app.teardown_request
    def _end(fault: BaseException | None) -> None:
        start_reading(None)


def _register_errors(app: Flask) -> None:
    def page(code: int) -> ResponseReturnValue:
        return render_template("error.html", code=code), code

    for code in (400, 403, 404, 405, 410, 413, 429):
        app.register_error_handler(code, lambda fault, code=code: page(code))

    @app.errorhandler(BadHost)
    def _not_a_host(fault: BadHost) -> ResponseReturnValue:
        return "400 Bad Request\n", 400, {"Content-Type": "text/plain"}  # no page of ours has an address on such a host

    @app.errorhandler(NotTheirs)
    def _not_theirs(fault: Exception) -> ResponseReturnValue:
        db.session.rollback()  # a page may go on to commit; what it touched before it asked is not kept
        return page(404)  # not 403: that would say that there is such a thing

    @app.errorhandler(500)
    def _broken(fault: Exception) -> ResponseReturnValue:
        db.session.rollback()
        return page(500)

    @app.errorhandler(OperationalError)
    @app.errorhandler(PoolTimeout)
    def _away(fault: DBAPIError) -> ResponseReturnValue:
        log.warning("database away", kind=type(fault.orig).__name__ if isinstance(fault, DBAPIError) else "pool")
        db.session.rollback()
        return render_template("error.html", code=503, typed=_typed()), 503, {"Retry-After": str(RETRY_SECONDS)}


def _typed() -> list[tuple[str, str]]:
    # What was typed is given back, so that an error page loses nothing.
    return [(name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "password") and value]


def _add_words(app: CampaignApp) -> None:
    settings = app.settings
    app.jinja_env.globals.update(
        site_name=settings.site_name,
        site_url=settings.site_url,
        sample=settings.sample,
        asset=assets.asset,
        cloth=cloth.svg,
        day=text.day_text,
        number=text.number_text,
        country_name=text.country_name,
        language_name=text.language_name,
        reading_language=text.reading_language,
        one_language=text.one_language,
        right_to_left=text.right_to_left,
    )
    app.jinja_env.filters.update(markdown=text.markdown, said=text.said)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

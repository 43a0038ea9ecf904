"""What a million signatures in the table cost, beside a thousand: signing, and the pages that readers see."""

from collections.abc import Callable, Mapping

import psycopg

from bench.client import get, throughput
from bench.figures import Result, at_most, paired
from bench.pages import BROWSER, case_page
from bench.places import in_platform, platform, served
from bench.signing import petition, signing_on

FEW, MANY, MANY_QUICK = 1_000, 1_000_000, 100_000
# Ids that sort by time as ours do, hashes of 32 bytes, sealed values of the usual length. Half of all signatures are
# under the petition that is measured, the others under all petitions; a quarter shows something to the public.
_ID = "(lpad(to_hex(1700000000000 + n), 12, '0') || '7' || substr(md5({salt} || n), 1, 3) || '8' || substr(md5({salt} || n), 4, 15))::uuid"
_SUPPORTERS = f"""
INSERT INTO supporter (id, address_index, email_sealed, created_at, mail_day, mails_that_day)
SELECT {_ID.format(salt="'supporter'")}, sha256(convert_to('supporter' || n, 'UTF8')), sha256(convert_to('email' || n, 'UTF8')) || sha256('x'), now(), NULL, 0
FROM generate_series(1, %(count)s) AS n
"""
_SIGNATURES = f"""
INSERT INTO signature (id, appeal_id, version_id, language, page_language, supporter_id, state, name_sealed, comment_sealed, country, to_public,
                       to_authority, wants_updates, created_at, confirmed_at, counted, reminded)
SELECT {_ID.format(salt="'signature'")}, chosen.appeal_id, chosen.version_id, 'en', 'en', {_ID.format(salt="'supporter'")}, 'confirmed',
       sha256(convert_to('name' || n, 'UTF8')) || sha256('x'), NULL, (ARRAY['NO', 'SE', 'DE', 'FR', 'US'])[1 + n %% 5],
       CASE WHEN n %% 4 = 0 THEN 'country' ELSE 'counted' END, 'first_name', false, now(), now(), true, false
FROM generate_series(1, %(count)s) AS n
JOIN (SELECT appeal.id AS appeal_id, version.id AS version_id, row_number() OVER (ORDER BY appeal.slug <> %(slug)s, appeal.slug) - 1 AS place, count(*) OVER () AS many
      FROM appeal JOIN appeal_version AS version ON version.appeal_id = appeal.id AND version.number = 1
      WHERE appeal.kind = 'petition') AS chosen
  ON chosen.place = CASE WHEN n %% 2 = 0 THEN 0 ELSE (n / 2) %% chosen.many END
"""


def fill(environment: Mapping[str, str], count: int) -> str:
    """Put `count` signatures, each of a supporter of its own, into the database; the newest are real ones. Gives the petition's slug."""
    slug = petition(environment)
    with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(_SUPPORTERS, {"count": count})
        connection.execute(_SIGNATURES, {"count": count, "slug": slug})
        in_platform(environment, "bench.newest", slug)
        for statement in ("VACUUM ANALYZE", "CHECKPOINT"):
            connection.execute(statement)
    return slug


def measure(*, quick: bool) -> list[Result]:
    """The cost of each with many signatures, as a multiple of the cost with few."""
    many = MANY_QUICK if quick else MANY
    with platform() as large, platform() as small:
        slug = fill(large, many)
        assert fill(small, FEW) == slug, "both hold the same sample"
        with served("campaign.app:serving()", large) as crowded, served("campaign.app:serving()", small) as quiet:
            results = []
            for name, path in (("petition page", f"/petitions/{slug}"), ("case page", case_page(small)), ("home page", "/")):
                results.append(_compare(name, many, _reading(crowded, path, quick=quick), _reading(quiet, path, quick=quick), quick=quick))
            count = 150 if quick else 400
            results.append(_compare("signing", many, signing_on(crowded, slug, count=count), signing_on(quiet, slug, count=count), quick=quick))
    return results


def _reading(port: int, path: str, *, quick: bool) -> Callable[[], float]:
    request = get(path, headers=BROWSER)
    return lambda: throughput(port, [request], count=100 if quick else 400)


def _compare(name: str, many: int, crowded: Callable[[], float], quiet: Callable[[], float], *, quick: bool) -> Result:
    # Costs: milliseconds a request, so that the greater figure is the worse one.
    figures = paired(lambda: 1000 / crowded(), lambda: 1000 / quiet(), rounds=5 if quick else 21)
    return at_most(f"{name} with {many:,} signatures", figures, 1.15, unit="ms")

"""Rows for tests, plainly fictional. Nothing here is a real person, office or address."""

from datetime import date, datetime, timedelta
from typing import Any

from campaign.appeals.models import Appeal, AppealTarget, AppealText, AppealVersion
from campaign.authorities.facts import facts_of, found_by
from campaign.authorities.models import Authority, AuthorityText, Mailbox
from campaign.cases.models import Case, CaseConsent, CaseName, CaseReport, CaseText
from campaign.cases.spelling import fold
from campaign.db import PartialDate, db, new_id, now_utc
from campaign.organisers.models import Account, Membership, Organisation, OrganisationText
from campaign.organisers.service import account_index
from campaign.petitions.models import Signature
from campaign.supporters.models import Supporter
from campaign.supporters.service import find_or_make


def case(slug: str = "test-defender", **values: Any) -> Case:
    """A case that is held, reviewed in a year."""
    today = now_utc().date()
    row = Case(
        **{
            "slug": slug,
            "country": "TJ",
            "status": "imprisoned",
            "as_of": PartialDate("2026-02"),
            "held_since": date(2024, 1, 16),
            "checked_on": date(2026, 11, 22),
            "review_on": today + timedelta(days=365),
            "confidence": "high",
            "demands": ["release"],
            "publication": "public",
            **values,
        }
    )
    name = slug.replace("-", " ").title()
    row.names = [CaseName(position=0, kind="main", text=name, search=fold(name))]
    row.texts = [CaseText(language="en", roles=["test person"])]
    db.session.add(row)
    db.session.flush()
    return row


def consent(of: Case, **values: Any) -> CaseConsent:
    """Somebody plainly fictional agreed to name and story, for a year. `consent.settle` has not been asked yet."""
    today = now_utc().date()
    row = CaseConsent(
        **{
            "id": new_id(),
            "case_id": of.id,
            "giver": "family",
            "who": "Test Relative",
            "covers": ["name", "story"],
            "given_on": today,
            "valid_until": today + timedelta(days=365),
            "recorded_at": now_utc(),
            **values,
        }
    )
    db.session.add(row)
    db.session.flush()
    return row


def report(of: Case, **values: Any) -> CaseReport:
    """Somebody reported a mistake on a case's page."""
    row = CaseReport(**{"id": new_id(), "case_id": of.id, "kind": "mistake", "state": "open", "words": "A test of a report.", "received_at": now_utc(), **values})
    db.session.add(row)
    db.session.flush()
    return row


def authority(key: str = "test-office", *, country: str = "TJ", verified: bool = True, **values: Any) -> Authority:
    """An office with one mailbox at an example domain."""
    at = now_utc() if verified else None
    row = Authority(**{"key": key, "country": country, "lines": ["1 Example Street", "000000 Exampletown"], "languages": ["en", "ru"], "verified_at": at, **values})
    row.texts = [
        AuthorityText(language="en", office=f"Office {key}", salutation="Dear Office,"),
        AuthorityText(language="ru", office=None, salutation="Уважаемый господин Министр,"),
    ]
    row.mailboxes = [Mailbox(address=f"{key}@authorities.example", verified_at=at, hourly_cap=100_000)]
    row.search = found_by(key, facts_of(row))
    db.session.add(row)
    db.session.flush()
    return row


def appeal(kind: str = "petition", *, of: Case | None = None, targets: list[Authority] | None = None, **values: Any) -> Appeal:
    """A live appeal with words in two languages, addressed to `targets` (one is made when none is given)."""
    of = of or case()
    targets = [authority()] if targets is None else targets
    row = Appeal(
        **{
            "slug": f"{of.slug}-{kind}",
            "case_id": of.id,
            "kind": kind,
            "state": "live",
            "act_before": now_utc().date() + timedelta(days=30),
            "milestones": [100, 1000],
            "channels": {"petition": [], "letter": ["email", "print", "self"], "solidarity": ["print"]}[kind],
            "collect_lines": ["Test Collection", "1 Example Street"] if kind == "solidarity" else None,
            **values,
        }
    )
    row.case = of
    row.versions = [version(1)]
    row.targets = [AppealTarget(authority_id=target.id, authority=target, position=place, salutations={}) for place, target in enumerate(targets)]
    db.session.add(row)
    db.session.flush()
    return row


def version(number: int, text: str = "We ask that the test person is released.") -> AppealVersion:
    """A version of an appeal's words."""
    row = AppealVersion(number=number, published_at=now_utc())
    row.texts = [
        AppealText(
            language="en",
            title="Free the test person",
            summary="Ask for a release.",
            text=text,
            subject="The test person",
            outline="I write about the test person.\n\nPlease release them.",
        ),
        AppealText(
            language="ru",
            title="Свободу тестовому человеку",
            summary="Попросите об освобождении.",
            text="Мы просим об освобождении.",
            subject="Тестовый человек",
            outline="Я пишу о тестовом человеке.",
        ),
    ]
    return row


def supporter(email: str = "test.supporter@example.org", *, now: datetime | None = None) -> Supporter:
    """A supporter."""
    return find_or_make(email=email, now=now or now_utc())


def signature(of: Appeal, *, email: str = "test.supporter@example.org", now: datetime | None = None, **values: Any) -> Signature:
    """A confirmed signature under the newest version of a petition."""
    now = now or now_utc()
    row = Signature(
        **{
            "appeal_id": of.id,
            "version_id": of.versions[-1].id,
            "language": "en",
            "page_language": "en",
            "supporter_id": supporter(email, now=now).id,
            "state": "confirmed",
            "name": "Test Supporter",
            "country": "NO",
            "to_public": "counted",
            "to_authority": "first_name",
            "created_at": now,
            "confirmed_at": now,
            **values,
        }
    )
    db.session.add(row)
    db.session.flush()
    return row


def account(role: str = "volunteer", email: str | None = None, *, country: str = "NO", password_hash: str = "-") -> Account:
    """Somebody who could log in, without a password unless a hash is given."""
    email = email or f"{role}@example.org"
    row = Account(
        id=new_id(),
        address_index=account_index(email),
        email=email,
        name=f"Test {role.title()}",
        password_hash=password_hash,
        role=role,
        country=country,
        created_at=now_utc(),
    )
    db.session.add(row)
    db.session.flush()
    return row


def organisation(slug: str = "test-partner", **values: Any) -> Organisation:
    """A plainly fictional organisation."""
    row = Organisation(**{"slug": slug, "links": [], **values})
    row.texts = [OrganisationText(language="en", name=slug.replace("-", " ").title(), about="A fictional organisation of a test.")]
    db.session.add(row)
    db.session.flush()
    return row


def member(person: Account, of: Organisation) -> None:
    """Make somebody belong to an organisation."""
    db.session.add(Membership(account_id=person.id, organisation_id=of.id))
    db.session.flush()

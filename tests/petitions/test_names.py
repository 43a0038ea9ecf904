"""Who signed, as each of them allowed, to the public and to the authority."""

from flask.testing import FlaskClient

from campaign.app import CampaignApp
from campaign.db import db
from campaign.petitions import names
from campaign.petitions.lines import line
from campaign.petitions.names import names_for_authority
from tests import made
from tests.petitions.signing import text_of


def test_the_authority_reads_what_each_signer_allowed_in_the_order_of_signing(any_app: CampaignApp) -> None:
    appeal = made.appeal()
    for number, choice in enumerate(("full_name", "counted", "first_name", "country")):
        made.signature(appeal, email=f"supporter{number}@example.org", name=f"Test{number} Supporter", to_authority=choice, comment=f"Words {number}")
    made.signature(appeal, email="pending@example.org", name="Nobody Yet", state="pending", confirmed_at=None, to_authority="full_name")
    db.session.commit()
    signers = list(names_for_authority(appeal.id))
    assert [(line(signer.shown, language="en"), signer.comment) for signer in signers] == [
        ("Test0 Supporter, Norway", "Words 0"),
        ("Test2, Norway", "Words 2"),
        ("A person in Norway", "Words 3"),
    ]


def test_a_long_list_comes_a_page_at_a_time_and_misses_nobody(app: CampaignApp) -> None:
    appeal = made.appeal()
    appeal_id = appeal.id
    many = 2 * names.PAGE + 1
    for number in range(many):
        made.signature(appeal, email=f"supporter{number}@example.org", name=f"Test{number}")
    db.session.commit()
    db.session.expunge_all()
    most = 0
    read = []
    for signer in names_for_authority(appeal_id):
        read.append(signer.shown.name)
        most = max(most, len(db.session.identity_map))
    assert read == [f"Test{number}" for number in range(many)]
    assert most <= names.PAGE


def test_the_public_reads_only_what_signers_chose_to_show_it(client: FlaskClient) -> None:
    appeal = made.appeal()
    made.signature(appeal, email="a@example.org", name="Visible Supporter", to_public="first_name", to_authority="counted")
    made.signature(appeal, email="b@example.org", name="Hidden Supporter", to_public="counted", to_authority="full_name", comment="Secret words")
    made.signature(appeal, email="c@example.org", name="Placed Supporter", to_public="country", country="SE")
    made.signature(appeal, email="d@example.org", name="Waiting Supporter", to_public="full_name", state="pending", confirmed_at=None)
    db.session.commit()
    said = text_of(client.get(f"/petitions/{appeal.slug}"))
    assert "Signed lately A person in Sweden Visible, Norway" in said
    for word in ("Hidden", "Secret", "Placed", "Waiting", "Supporter,"):
        assert word not in said

"""Headers that a server gets, and those that it gives."""

from flask.testing import FlaskClient


def test_a_host_that_is_none_is_refused_in_plain_words(client: FlaskClient) -> None:
    answer = client.get("/", headers={"Host": "x" * 70})
    assert answer.status_code == 400
    assert answer.data == b"400 Bad Request\n"

"""Addresses that answer a comment by mail."""

import pytest

from discussions.threads.addresses import read_reply_address, reply_address


@pytest.fixture(autouse=True)
def takes_mail(settings):
    settings.MAIL_DOMAIN = "daylight.example"


def test_names_person_and_comment_and_is_read_back_whatever_the_case(eve, opening):
    address = reply_address(eve, opening)

    assert len(address.partition("@")[0]) <= 64
    assert read_reply_address(address) == read_reply_address(f" {address.upper()} ") == (eve.pk, opening.pk)


def test_cannot_be_made_up_or_bent_to_another_person_comment_or_site(eve, ada, opening):
    address = reply_address(eve, opening)
    rest = address.removeprefix("reply+").partition(".")[2]
    other = reply_address(ada, opening).removeprefix("reply+").partition(".")[0]

    bends = [f"reply+{other}.{rest}", address.replace("daylight.example", "other.example"), "", "@"]
    for bent in [*bends, "reply+1.1.aaaaaaaaaaaaaaaa@daylight.example", "reply+@daylight.example"]:
        assert read_reply_address(bent) is None


def test_there_is_none_where_the_site_takes_no_mail(eve, opening, settings):
    settings.MAIL_DOMAIN = ""

    assert reply_address(eve, opening) == ""
    assert read_reply_address("reply+1.1.aaaaaaaaaaaaaaaa@") is None

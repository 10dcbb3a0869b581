"""User agents in words."""

import pytest

from registry.core.browsers import in_words

LINUX = "Mozilla/5.0 (X11; Linux x86_64)"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (f"{LINUX} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36", "Chrome on Linux"),
        (f"{LINUX} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36 Edg/143.0", "Edge on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1",
         "Safari on iPhone"),
        ("curl/8.5.0", "curl"),
        ("Something else", "Something else"),
        ("", "an unknown browser"),
    ],
)  # fmt: skip
def test_names_browser_and_system(user_agent, words):
    assert in_words(user_agent) == words

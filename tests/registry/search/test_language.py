"""Questions to the search: words and operators."""

import pytest

from registry.search.language import Question, read

NAMES = {"author", "on", "is"}


@pytest.mark.parametrize(
    ("text", "words", "operators"),
    [
        ("", "", []),
        ("staged release", "staged release", []),
        ("author:ada weights", "weights", [("author", "ada", True)]),
        ("weights -author:ada", "weights", [("author", "ada", False)]),
        ('on:"release:openai/gpt-2" why', "why", [("on", "release:openai/gpt-2", True)]),
        ("on:release:openai/gpt-2", "", [("on", "release:openai/gpt-2", True)]),
        ("is:open is:edited x", "x", [("is", "open", True), ("is", "edited", True)]),
        ("colour:red", "colour:red", []),
        ("author: ada", "author: ada", []),
        ('author:"" x', 'author:"" x', []),
        ('"author:ada"', '"author:ada"', []),
        ("http://author:ada@x", "http://author:ada@x", []),
        ('"a phrase" -minus', '"a phrase" -minus', []),
    ],
)
def test_operators_count_where_they_are_known_and_all_else_is_words(text, words, operators):
    assert read(text, NAMES) == Question(words, operators)


def test_a_question_of_operators_alone_is_one():
    assert read("is:open", NAMES)
    assert not read("  ", NAMES)

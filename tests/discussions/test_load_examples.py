"""`manage.py load_examples`: may run any number of times without doubling anything."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command


def load():
    said = StringIO()
    call_command("load_examples", stdout=said)
    return said.getvalue()


def rows():
    """How many rows every model of ours has."""
    models = [model for name in ("registry", "discussions") for model in apps.get_app_config(name).get_models()]
    return {model.__name__: model.objects.count() for model in models}


@pytest.mark.django_db
class TestLoadExamples:
    def test_a_second_time_adds_nothing_and_takes_nothing_away(self):
        assert load().endswith("Examples: done.\n")
        first = rows()
        assert load().endswith("Examples: done.\n")

        assert rows() == first
        assert first["Entry"] > 17
        assert min(first[name] for name in ("User", "Declaration", "Comment", "Session", "Run", "Event")) > 0

    def test_shows_two_entries_and_the_norm_in_more_than_one_edition(self):
        from registry.norms.models import Declaration, Norm
        from registry.releases.models import Revision

        load()

        revised = Revision.objects.filter(number=2).order_by("entry__slug").values_list("entry__slug", "changed")
        assert list(revised) == [("dialogpt", ["events"]), ("pythia", ["corrections"])]
        assert list(Norm.objects.get().versions.values_list("number", "status")) == [
            (1, "superseded"), (2, "open_comment"),
        ]  # fmt: skip
        outdated = [d.clause.number for d in Declaration.objects.with_clause() if d.reworded]
        assert set(outdated) == {3}

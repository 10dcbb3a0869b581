"""`manage.py load_examples`: may run any number of times without doubling anything."""

import json
import shutil
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command

from discussions.management.commands import load_examples as command
from registry.releases.actions import publish, save_draft, take_from_view
from registry.releases.models import Entry
from registry.releases.withdrawing import withdraw

EXAMPLES = command.FOLDER


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
        assert first["Entry"] == 47
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


@pytest.fixture
def older(tmp_path, monkeypatch):
    """A site with the files of an earlier Daylight: two entries, one of which says less than today's."""
    folder = tmp_path / "examples"
    (folder / "releases").mkdir(parents=True)
    for name in ("people.json", "releases/meta__llama-2.json", "releases/meta__voicebox.json"):
        (folder / name).write_bytes((command.FOLDER / name).read_bytes())
    monkeypatch.setattr(command, "FOLDER", folder)
    change(folder, lambda content: content.update(events=[]))
    load_releases()
    return folder


def change(folder, act, replaced=()):
    """Rewrite the file on Llama 2 as the next Daylight would."""
    path = folder / "releases/meta__llama-2.json"
    given = json.loads(path.read_text())
    act(given["content"])
    given["replaces"] = {"digests": list(replaced), "justification": "The file says more now."}
    path.write_text(json.dumps(given))


def load_releases():
    loading = command.Command(stdout=StringIO())
    loading.people()
    loading.releases()


def llama():
    return Entry.objects.with_current().get(lab__slug="meta", slug="llama-2")


def add_event(content):
    content["events"] = [{"kind": "note", "text": "Something that was missing.", "sources": []}]


@pytest.mark.django_db
class TestASiteWithExamplesOfAnEarlierDaylight:
    def test_gets_the_entries_that_it_lacks_and_the_fuller_content_once(self, older):
        shutil.copy(EXAMPLES / "releases/openai__gpt-oss.json", older / "releases")
        change(older, add_event, replaced=[llama().current.digest])
        load_releases()
        first = rows()
        load_releases()

        assert rows() == first
        assert sorted(Entry.objects.values_list("slug", flat=True)) == ["gpt-oss", "llama-2", "voicebox"]
        said = llama().revisions.order_by("number").values_list("number", "changed", "justification")
        assert list(said) == [(1, [], ""), (2, ["events"], "The file says more now.")]

    def test_keeps_what_somebody_has_published_or_is_writing(self, older):
        before = llama().current.digest
        change(older, add_event, replaced=[before])
        own = llama().draft | {"summary": "Worded by a person."}
        save_draft(llama(), own, by=llama().created_by)
        load_releases()
        assert (llama().current.number, llama().draft["summary"]) == (1, "Worded by a person.")

        publish(llama(), by=llama().created_by, justification="Shorter.")
        load_releases()
        assert (llama().current.number, llama().summary) == (2, "Worded by a person.")

    def test_is_not_led_back_and_forth_by_who_went_back_to_the_earlier_wording(self, older):
        first = llama().current
        change(older, add_event, replaced=[first.digest])
        load_releases()
        save_draft(llama(), first.content, by=first.author)
        publish(llama(), by=first.author, justification="It was right before.")
        load_releases()

        assert (llama().current.number, llama().current.digest) == (3, first.digest)

    def test_leaves_withdrawn_and_hidden_entries_alone(self, older):
        change(older, add_event, replaced=[llama().current.digest])
        withdraw(llama(), "For this test.", by=llama().created_by)
        take_from_view(Entry.objects.get(slug="voicebox"))
        load_releases()

        assert llama().current.number == 1 and llama().withdrawn_at
        assert Entry.objects.get(slug="voicebox").published_at is None

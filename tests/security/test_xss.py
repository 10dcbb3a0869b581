"""Every script that anybody ever tried to smuggle in, in a real browser, in every place where text is shown."""

import html
from urllib.parse import quote

import pytest

from discussions.threads.models import Comment
from discussions.threads.validators import clean_body
from registry.core.errors import Invalid
from registry.core.files import clean_name
from registry.core.markdown import MarkdownRefused, render
from registry.core.subjects import Subject
from registry.releases.models import Entry, Revision
from tests.shared import needs_shared

from .corpus import xss
from .watched import FORBIDDEN, Watched
from .world import WorldTestCase

PER_PAGE = 250


def in_groups(rows, size):
    return [rows[start : start + size] for start in range(0, len(rows), size)]


@needs_shared
class TestPayloads(WorldTestCase):
    @pytest.fixture(autouse=True)
    def _browser(self, browser):
        self.browser = browser

    def watched(self, user=None, *, csp=False):
        page = Watched(self.browser, self.as_(user), csp=csp)
        self.addCleanup(page.context.close)
        return page

    def everywhere(self, addresses, *, user=None):
        """Open each without the policy and with it: nothing runs, nothing is fetched, nothing forbidden stays."""
        for csp in (False, True):
            page = self.watched(user, csp=csp)
            for address in addresses:
                assert page.visit(address) == [], (address, csp)
                assert page.status == 200, address
                assert page.page.evaluate(FORBIDDEN) == [], address
                assert page.reports == [], address

    def test_unsanitised_they_do_fire(self):
        """Else the tests below would find nothing because they cannot see."""
        page, ran = self.watched(), 0
        for number, group in enumerate(in_groups(xss()[:600], 1)[::12]):
            page.show(f"/bare/{number}", f"<!doctype html><main>{group[0]}</main>")
            try:
                ran += bool(page.visit(f"/bare/{number}"))
            except Exception:  # noqa: BLE001 - some take the page elsewhere, which is what they are for
                ran += 1
            page.off_site.clear()
            page.dialogs.clear()
        print(f"detector: {ran} of 50 payloads fire when nothing is done about them")
        assert ran > 5

    def test_in_comments_none_runs(self):
        payloads, refused, threads = xss(), 0, []
        disclosure = self.comment.disclosure
        for number, group in enumerate(in_groups(payloads, PER_PAGE)):
            thread = self.entry.subject.threads.create(title=group[0][:200], started_by=self.ida, subject=None)
            rows = []
            for place, payload in enumerate(group, 1):
                try:
                    body, shown = clean_body(payload)
                except Invalid:
                    refused += 1
                    continue
                rows.append(Comment(
                    thread=thread, number=place, path=f"{place:04d}", depth=1, author=self.ida, body=body, html=shown,
                    disclosure=disclosure | {"display_name": payload[:80], "shown": payload[:120], "tie": payload[:60]},
                ))  # fmt: skip
            Comment.objects.bulk_create(rows)
            threads.append(f"/t/{thread.pk}/")
            shown = self.client.get(threads[-1]).content.decode()
            assert shown.count('id="c-') >= len(rows) > PER_PAGE / 2 or number == len(payloads) // PER_PAGE
        self.everywhere(threads)
        print(f"xss in comments: {len(payloads)} payloads, {refused} refused, 0 ran, with and without the policy")
        assert refused < len(payloads) / 10

    def test_in_entries_none_runs(self):
        """Title, summary, rationale, stages, concerns, alternatives, links, sources, events; lab and people."""
        payloads, addresses = xss(), []
        for number, group in enumerate(in_groups(payloads, 490)):
            content = self.content_of(group)
            revision = self.entry.current
            shown = {"/rationale": self.rendered(group[:60]), "/stages/0/rationale": self.rendered(group[60:120])}
            Revision.objects.filter(pk=revision.pk).update(content=content, html=shown, justification=group[-1])
            Entry.objects.filter(pk=self.entry.pk).update(title=group[0][:200], summary=group[1][:600])
            Subject.objects.filter(pk=self.entry.subject_id).update(title=group[2][:300])
            type(self.lab).objects.filter(pk=self.lab.pk).update(name=group[3][:120], about=" ".join(group)[:1000])
            type(self.ada).objects.filter(pk=self.ada.pk).update(
                display_name=group[4][:80], about=" ".join(group)[:600]
            )
            if number == 0:
                addresses = [
                    "/",
                    "/releases/",
                    "/labs/",
                    "/labs/invented-lab/",
                    "/people/ada/",
                    "/activity/",
                    "/matrix/",
                ]
                addresses += ["/releases/invented-lab/lamp/history/", "/releases/invented-lab/lamp/diff/1..2/"]
            self.everywhere(["/releases/invented-lab/lamp/", *addresses[number * 2 : number * 2 + 3]])
        self.everywhere(addresses)
        print(f"xss in entries: {len(payloads)} payloads in 22 fields, 0 ran, with and without the policy")

    def rendered(self, payloads):
        found = []
        for payload in payloads:
            try:
                found.append(render(payload))
            except MarkdownRefused:
                continue
        return "".join(found)

    def content_of(self, group):
        """A revision in which every text is a payload."""
        texts = iter(group + group)
        content = self.entry.current.content
        first = content["stages"][0]
        part = first["components"][0]
        stage = first | {
            "title": next(texts), "rationale": next(texts), "condition": next(texts),
            "components": [part | {name: next(texts) for name in ("licence", "note", "variant")} for _ in range(30)],
        }  # fmt: skip
        variant = {"name": next(texts), "aliases": [next(texts)], "note": next(texts)}
        link = "https://x.invalid/"
        return content | {
            "title": next(texts), "summary": next(texts), "rationale": next(texts), "stages": [stage],
            "artefact": {"kind": "model", "variants": [variant]},
            "concerns": [
                {"concern": next(texts), "mitigation": next(texts), "likelihood": "", "severity": "", "sources": []}
                for _ in range(60)
            ],
            "alternatives": [{"alternative": next(texts), "why_not": next(texts), "sources": []} for _ in range(50)],
            "links": [{"kind": "other", "title": next(texts), "url": link + quote(next(texts))} for _ in range(40)],
            "sources": [{"key": f"s{n}", "title": next(texts), "url": link, "note": next(texts)} for n in range(40)],
            "events": [{"date": "2024-05-01", "date_precision": "day", "kind": "note", "text": next(texts),
                        "variant": "",
                        "sources": []} for _ in range(40)],
        }  # fmt: skip

    def test_in_a_model_card_and_its_name_none_runs(self):
        payloads = xss()
        text = "# Card\n\n" + "\n\n".join(payloads)
        card = self.file(text[:1_900_000], name=clean_name("".join(payloads[3:8])) or "x.md", by=self.ada)
        Entry.objects.filter(pk=self.draft_entry.pk).update(card=card)
        address = "/releases/invented-lab/hidden-lantern/"
        self.everywhere([address, f"{address}card/", f"{address}prefill/", f"{address}edit/"], user=self.ada)

    def test_in_the_search_box_and_other_parameters_none_runs(self):
        page = self.watched()
        for payload in xss()[::80]:
            asked = quote(payload.encode("utf-8", "replace")[:200])
            assert page.visit(f"/search/?q={asked}") == [], payload
        for payload in xss()[::400]:
            asked = quote(payload.encode("utf-8", "replace"))
            for address in (
                f"/accounts/login/?next={asked}",
                f"/releases/?word={asked}",
                f"/{asked}",
                f"/matrix/?norm={asked}",
            ):
                assert page.visit(address) == [], address

    def test_in_the_preview_as_a_moderator_sees_it_none_runs(self):
        client, page = self.as_(self.mo), self.watched(self.mo)
        for number, group in enumerate(in_groups(xss()[::6], 60)):
            shown = client.post("/t/preview/", {"body": "\n\n".join(group)[:40_000]}).content.decode()
            page.show(f"/preview/{number}", f"<!doctype html><main>{shown}</main>")
            assert page.visit(f"/preview/{number}") == []

    def test_rendering_what_was_rendered_changes_nothing(self):
        from registry.core.markdown.sanitiser import sanitise

        for payload in xss()[::5]:
            try:
                once = render(payload)
            except MarkdownRefused:
                continue
            assert html.unescape(sanitise(once)) == html.unescape(once), payload


def test_scripts_of_the_site_name_no_text_as_markup():
    """No script of ours turns text into elements: there is one place for that, and it is on the server."""
    from tests.shared import ROOT

    for script in (ROOT / "registry" / "static" / "daylight" / "js").glob("*.js"):
        text = script.read_text(encoding="utf-8")
        for word in ("document.write", "eval(", "insertAdjacentHTML", "new Function"):
            assert word not in text, (script.name, word)

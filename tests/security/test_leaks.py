"""Walks over the whole site as one person after the other, with marked words in everything private."""

import itertools
import re
from datetime import timedelta

from django.utils import timezone

from discussions.concerns.actions import open_concern, raise_concern
from discussions.concerns.facts import follow_moderation
from discussions.concerns.models import Concern
from discussions.disclosures.actions import correct_disclosure
from discussions.letters import actions as letters
from discussions.letters.consent import decline, enter_old_letter, propose
from discussions.mail_in.models import IncomingMail
from discussions.moderation import actions as moderation
from discussions.notifications.actions import follow
from discussions.notifications.mailing import write_mail
from discussions.notifications.telling import tell
from discussions.summaries.actions import write_summary
from discussions.threads.actions import edit, hold, post, start_thread
from discussions.threads.models import Thread
from discussions.votes.actions import vote
from registry.access.actions import ask, reject
from registry.accounts.actions import issue_token, state_affiliation
from registry.accounts.models import User
from registry.analyses import catalogue
from registry.analyses.actions import queue_run
from registry.analyses.models import Run
from registry.core.mail import OutboundMail
from registry.core.subjects import Subject
from registry.history.models import Event
from registry.labs.actions import invite
from registry.norms.actions import declare
from registry.releases.actions import attach_card, publish, save_draft
from tests.people import CONTENT

from .crawler import body_of, crawl
from .test_csrf_and_methods import changed, digests
from .test_headers import kept_by_others, wrong_with
from .world import WorldTestCase

_count = itertools.count(1)


def canary(name):
    """A word that stands nowhere else; `name` tells where it was put."""
    return f"zq{name}{next(_count):03d}qz"


class TestNothingPrivateIsRead(WorldTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.canaries = {}
        cls._mark_drafts()
        cls._mark_runs_and_files()
        cls._mark_people()
        cls._mark_letters()
        cls._mark_access()
        cls._mark_hidden()

    @classmethod
    def mark(cls, place, *allowed):
        """A fresh word, private to those named."""
        word = canary(place)
        cls.canaries[word] = (place, set(allowed))
        return word

    @classmethod
    def _mark_drafts(cls):
        mark = cls.mark
        inside = ("ada", "edd", "bob", "pia")
        stage = CONTENT["stages"][0]
        cls.slug = "zqslugqz"
        cls.canaries[cls.slug] = ("draft-slug", {*inside, "fred"})
        # Begun by Fred, who has left since: having done something gives no right to what became of it.
        membership = cls.lab.memberships.create(user=cls.fred, role="editor")
        entry = cls.draft(cls, cls.slug, by=cls.fred)
        membership.delete()
        content = entry.draft | {
            "title": mark("title", *inside),
            "summary": mark("summary", *inside),
            "rationale": mark("rationale", *inside),
            "stages": [stage | {"title": mark("stage", *inside), "rationale": mark("because", *inside)}],
            "concerns": [{"concern": mark("concern", *inside), "mitigation": mark("mitigation", *inside)}],
            "alternatives": [{"alternative": mark("alternative", *inside), "why_not": mark("whynot", *inside)}],
            "links": [{"kind": "paper", "title": mark("link", *inside), "url": "https://example.org/x"}],
        }
        save_draft(entry, content, by=cls.ada)
        card = cls.file(cls, f"# Card\n\n{mark('card', *inside)}\n", name=f"{mark('cardname', *inside)}.md")
        attach_card(entry, card, by=cls.ada)
        declare(entry, cls.clause, stance="partly", reason=mark("reason", *inside), by=cls.ada)
        cls.secret_entry = entry
        # What is written for the next revision of a published entry is as private as a draft.
        changed = cls.entry.draft | {"summary": mark("next", *inside), "title": mark("nexttitle", *inside)}
        save_draft(cls.entry, changed, by=cls.ada)
        next_card = cls.file(cls, f"# Next\n\n{mark('nextcard', *inside)}\n", name="next.md")
        attach_card(cls.entry, next_card, by=cls.ada)
        curated = cls.curated_draft.draft | {"summary": mark("curated", "mod")}
        save_draft(cls.curated_draft, curated, by=cls.mo)

    @classmethod
    def _mark_runs_and_files(cls):
        inside = ("ada", "edd", "bob", "pia")
        analysis = catalogue.get("model_card")
        run = queue_run(
            cls.secret_entry, analysis, {"card": cls.secret_entry.card}, params=analysis.defaults, seed=5, by=cls.ada
        )
        finding = {"code": "x", "severity": "notice", "message": cls.mark("finding", *inside), "span": None}
        Run.objects.filter(pk=run.pk).update(
            status="succeeded", result={"sentence": cls.mark("result", *inside)}, findings=[finding],
            error=cls.mark("error", *inside),
        )  # fmt: skip
        cls.secret_run = run
        cls.secret_file = cls.file(
            cls, cls.mark("file", "ada"), kind="samples", name=f"{cls.mark('filename', 'ada')}.jsonl"
        )

    @classmethod
    def _mark_people(cls):
        address = f"{cls.mark('invited', 'ada')}@example.org"
        cls.invited = invite(cls.lab, email=address, role="member", by=cls.ada)
        cls.canaries[cls.invited.token] = ("invitation-link", set())
        for person in (cls.ada, cls.edd, cls.bo, cls.ida, cls.otto, cls.mo):
            word = cls.mark("address", person.handle)
            type(person).objects.filter(pk=person.pk).update(email=f"{word}@example.org")
            person.emailaddress_set.update(email=f"{word}@example.org")
            row, token = issue_token(person, name=cls.mark("tokenname", person.handle))
            cls.canaries[token] = ("token", set())
            cls.canaries[row.hash] = ("token-hash", set())
            cls.canaries[person.password.rsplit("$", 1)[-1]] = ("password-hash", set())
        cls.canaries[cls.check.code] = ("domain-code", {"ada"})
        state_affiliation(cls.eve, organisation="Nowhere")
        follow(by=cls.ada, words=cls.mark("search", "ada"))

    @classmethod
    def _mark_access(cls):
        """What Olga asked for is between her and those who write for the lab."""
        given = {"purpose": cls.mark("accesspurpose", "ada", "edd", "olga"), "sector": "press"}
        cls.asked = ask(cls.programme, given, by=cls.olga)
        reject(cls.asked, f"Because {cls.mark('accessreason', 'ada', 'edd', 'olga')}", by=cls.ada)

    @classmethod
    def _mark_letters(cls):
        """A private and a dated one, with answers, a refusal, and one that was written elsewhere."""
        mark, inside = cls.mark, ("ada", "edd", "mod", "ida")
        subject, cls.letters = cls.entry.subject, []
        for visibility in ("private", "dated"):
            said = {"title": mark(f"{visibility}title", *inside), "body": f"In it: {mark(visibility, *inside)}"}
            day = timezone.now() + timedelta(days=9) if visibility == "dated" else None
            letter = letters.send_letter(subject, **said, by=cls.ida, visibility=visibility, public_on=day)
            letters.answer(letter, f"Answer: {mark(f'{visibility}answer', *inside)}", cls.ada, official=True)
            cls.letters.append(letter)
        decline(propose(cls.letters[0], cls.ida), f"Because: {mark('refusal', *inside)}", cls.ada)
        sides = ("ada", "edd", "olga")
        cls.letters.append(enter_old_letter(
            subject, title=mark("oldtitle", *sides), body=mark("oldletter", *sides), by=cls.olga,
            written_on=timezone.now().date(),
        ))  # fmt: skip
        for event in Event.objects.filter(verb__startswith="letter."):
            tell(event.pk)

    @classmethod
    def _mark_hidden(cls):
        """Eve follows all of it, and was told before it was hidden."""
        follow(by=cls.eve, subject=cls.entry.subject, cadence="immediate")
        hidden = post(cls.thread, f"Taken away: {cls.mark('hiddencomment')}", cls.ida)
        tell(Event.objects.latest("pk").pk)
        vote(hidden, "agreement", -1, cls.otto)
        correct_disclosure(hidden, f"It ended: {cls.mark('hiddencorrection')}", cls.ida)
        hidden.hidden, hidden.retracted_at = True, hidden.created_at
        hidden.retraction = f"Because: {cls.mark('retraction')}"
        hidden.marks = [{
            "kind": "passage", "words": "x", "path": "/", "passage": cls.mark("passage"), "state": "same",
        }]  # fmt: skip
        hidden.save(update_fields=["hidden", "retracted_at", "retraction", "marks"])
        cls.hidden_comment = hidden
        title, body = cls.mark("hiddenthread", "ida"), f"In it: {cls.mark('hiddenbody')}"
        thread = start_thread(cls.entry.subject, title, body, cls.ida)
        tell(Event.objects.latest("pk").pk)
        thread.hidden = True
        thread.save(update_fields=["hidden"])
        Subject.objects.filter(pk=thread.subject_id).update(hidden=True)
        cls.hidden_thread = thread
        cls._mark_hidden_concerns()
        cls._mark_moderated()
        cls._mark_moved()
        cls._mark_taken_entry()
        cls._mark_taken_summary()

    @classmethod
    def _mark_mail(cls):
        """Mails in Ida's name: one waits, one was refused, of one that was posted something was cut."""
        shared = {"person": cls.ida, "about": cls.entry.subject, "parent": cls.comment, "kind": "reply", "size": 1}
        for state in ("waiting", "refused", "posted"):
            marked = {name: cls.mark(f"mail{name}", "ida") for name in ("title", "body", "cut", "reason")}
            IncomingMail.objects.create(**shared, state=state, recipient="x", digest=state, **marked)

    @classmethod
    def _mark_hidden_concerns(cls):
        """One whose discussion was taken from view, one whose opening comment was."""
        cls.hidden_concern = open_concern(
            cls.entry.subject, cls.mark("hiddenconcern", "ida"), f"In it: {cls.mark('hiddenopening')}", cls.ida
        )
        said = post(cls.thread, f"Taken away: {cls.mark('hiddenobjection')}", cls.ida)
        raise_concern(said, cls.mark("hiddentitle"), cls.ida)
        type(said).objects.filter(pk=said.pk).update(hidden=True)
        thread = Concern.objects.get(pk=cls.hidden_concern.pk).thread
        type(thread).objects.filter(pk=thread.pk).update(hidden=True)
        Subject.objects.filter(pk=thread.subject_id).update(hidden=True)
        follow_moderation(thread.subject)

    @classmethod
    def _mark_moderated(cls):
        """What moderators took from view is for them and its author; what was erased is for nobody."""
        said = {"rule": "R1", "reason": "It insults.", "by": cls.ned}
        comment = post(cls.thread, f"First: {cls.mark('earlier', 'mod', 'ida')}", cls.ida)
        comment = edit(comment, f"Then: {cls.mark('moderated', 'mod', 'ida')}", cls.ida)
        cls.decision_on_comment = moderation.decide("hide", comment, **said)
        moderation.appeal(cls.decision_on_comment, text=cls.mark("appeal", "mod", "ida"), by=cls.ida)
        erased = edit(post(cls.thread, cls.mark("erasedfirst"), cls.ida), cls.mark("erased"), cls.ida)
        removal = moderation.decide("remove", erased, **said)
        moderation.confirm(removal, by=cls.mo)
        thread = start_thread(cls.entry.subject, cls.mark("moderatedthread", "mod", "ida"), "In it.", cls.ida)
        post(thread, cls.mark("inmoderated", "mod"), cls.ida)
        cls.moderated = [comment, erased, thread.comments.get(number=2)]
        cls.decision_on_thread = moderation.decide("hide", thread, **said)
        moderation.report(cls.thread, rule="R4", text=cls.mark("report", "mod", "fred"), by=cls.fred)
        cls._mark_mail()
        cls.held_post = hold(cls.entry.subject, cls.mark("held", "mod", "ida"), cls.ida, thread=cls.thread)
        proposal = moderation.decide("remove", cls.comment, **said | {"reason": cls.mark("proposal", "mod")})
        cls.decisions = [cls.decision_on_comment, removal, cls.decision_on_thread, proposal]

    @classmethod
    def _mark_moved(cls):
        """A comment that was moved to a discussion which was taken from view since; Eve was told of it before."""
        said = {"rule": "R4", "reason": "Elsewhere.", "by": cls.ned}
        comment = post(cls.thread, f"Moved on: {cls.mark('moved', 'mod', 'ida')}", cls.ida)
        tell(Event.objects.latest("pk").pk)
        move = moderation.decide("move", comment, title=cls.mark("movedto", "mod", "ida"), **said)
        gone = Thread.objects.select_related("about", "subject").get(pk=move.detail["to_thread"])
        cls.moved = comment
        cls.decisions += [move, moderation.decide("hide", gone, **said)]

    @classmethod
    def _mark_taken_entry(cls):
        """A published entry that two moderators took from view, with all that was said of it and computed from it."""
        inside = ("ada", "edd", "bob", "pia", "mod")
        entry = cls.draft(
            cls, "taken-lamp", title=cls.mark("takentitle", *inside), summary=cls.mark("takensummary", *inside),
            rationale=cls.mark("takenreason", *inside),
        )  # fmt: skip
        card = cls.file(cls, f"# Card\n\n{cls.mark('takencard', *inside)}\n", name="taken.md")
        attach_card(entry, card, by=cls.ada)
        publish(entry, by=cls.ada)
        follow(by=cls.eve, subject=entry.subject, cadence="immediate")
        analysis = catalogue.get("model_card")
        run = queue_run(entry, analysis, {"card": card}, params=analysis.defaults, seed=5, by=cls.ada)
        Run.objects.filter(pk=run.pk).update(
            status="succeeded", result={"sentence": cls.mark("takenresult", *inside)}, findings=[]
        )
        thread = start_thread(entry.subject, cls.mark("takenthread", "ida"), cls.mark("takenbody"), cls.ida)
        tell(Event.objects.latest("pk").pk)
        of_run = start_thread(run.subject, cls.mark("runthread", "ida"), cls.mark("runbody"), cls.ida)
        concern = open_concern(entry.subject, cls.mark("takenconcern", "ida"), cls.mark("takenopening"), cls.ida)
        declare(entry, cls.clause, stance="partly", reason=cls.mark("takendeclared", *inside), by=cls.ada)
        subject = Subject.objects.get(pk=entry.subject_id)
        proposal = moderation.decide("hide", subject, rule="R2", reason="Private.", by=cls.ned)
        cls.decisions.append(moderation.confirm(proposal, by=cls.mo))
        cls.taken = {"entry": entry, "card": card, "run": run, "threads": [thread, of_run], "concern": concern}

    @classmethod
    def _mark_taken_summary(cls):
        summary = write_summary(
            cls.long_thread, cls.mark("summary", "mod", "ida"), cls.ida, first=1, last=9, replaces=cls.summary.pk,
            positions=[cls.mark("position", "ida")],
        )  # fmt: skip
        cls.taken_summary = summary
        cls.decisions.append(moderation.decide("hide", summary, rule="R1", reason="It insults.", by=cls.ned))

    def guesses_of_taken(self):
        """The addresses of what was public once, as anybody may have kept them."""
        taken, entry = self.taken, "/releases/invented-lab/taken-lamp/"
        yield from (entry + part for part in ("", "card/", "history/", "feed/", "badge.svg", "r/1/", "diff/1..1/"))
        yield from ("/api/v1/releases/invented-lab/taken-lamp", "/api/v1/releases/invented-lab/taken-lamp/revisions/1")
        yield from (f"/runs/{taken['run'].pk}/", f"/api/v1/runs/{taken['run'].pk}", f"/files/{taken['card'].pk}/")
        for thread in (*taken["threads"], Thread.objects.get(pk=self.moved.thread_id)):
            yield from (f"/t/{thread.pk}/{part}" for part in ("", "json/", "mbox/", "feed/", "summaries/", "reply/"))
            yield from (f"/api/v1/threads/{thread.pk}", f"/api/v1/comments?thread={thread.pk}")
        yield from (f"/c/{self.moved.pk}/", f"/c/{self.moved.pk}/history/", f"/api/v1/comments/{self.moved.pk}")
        yield from (f"/concerns/{taken['concern'].pk}/", f"/api/v1/concerns/{taken['concern'].pk}")
        for kind in ("threads/", "threads/feed/", "concerns/", "concerns/feed/", "t/new/", "api/v1/events"):
            yield f"/{kind}?subject=release:invented-lab/taken-lamp"
        yield from (f"/subjects/{taken['entry'].subject_id}/{part}/" for part in ("report", "moderate"))
        yield from (f"/summaries/{self.taken_summary.pk}/report/", f"/api/v1/summaries/{self.taken_summary.pk}")
        yield from (f"/t/{self.long_thread.pk}/{part}" for part in ("", "summaries/", "summaries/feed/", "json/"))
        yield from (f"/threads/search/?q=in:{self.thread.pk}", "/threads/search/?q=role:official", "/clock/")
        yield from (f"/inbox/since/?of=release:invented-lab/{slug}" for slug in ("lamp", "taken-lamp"))

    def guesses(self):
        """Addresses of the private things themselves, as somebody who was told of them would type them."""
        entry, run = f"/releases/invented-lab/{self.slug}/", self.secret_run.pk
        yield from (
            entry + part for part in ("", "card/", "history/", "feed/", "badge.svg", "edit/", "publish/", "prefill/")
        )
        yield from (entry + part for part in ("declarations/", "analyses/model_card/", "r/1/", "edit/stages/1/"))
        api = f"/api/v1/releases/invented-lab/{self.slug}"
        yield from (api, f"{api}?draft=true", "/api/v1/releases/invented-lab/lamp?draft=true", f"{api}/revisions/1")
        yield from (f"/runs/{run}/", f"/api/v1/runs/{run}", f"/files/{self.secret_file.pk}/")
        yield from (f"/files/{self.secret_entry.card_id}/", f"/api/v1/files/{self.secret_file.pk}")
        yield from (f"/api/v1/findings?run={run}", f"/api/v1/findings?release=invented-lab/{self.slug}")
        yield from (
            f"/api/v1/declarations?release=invented-lab/{self.slug}",
            f"/api/v1/runs?release=invented-lab/{self.slug}",
        )
        yield from (f"/api/v1/events?subject=release:invented-lab/{self.slug}", f"/api/v1/events?subject=run:{run}")
        yield from (f"/api/v1/stages?release=invented-lab/{self.slug}", "/api/v1/events?verb=lab.invited")
        yield from (
            f"/t/{self.hidden_thread.pk}/",
            f"/c/{self.hidden_comment.pk}/",
            f"/t/{self.hidden_thread.pk}/feed/",
        )
        yield from (f"/t/{self.hidden_thread.pk}/{form}/" for form in ("json", "mbox", "people"))
        yield from (f"/c/{self.hidden_comment.pk}/retract/", f"/t/{self.thread.pk}/?order=newest&since=0")
        yield from (f"/api/v1/threads/{self.hidden_thread.pk}", f"/api/v1/comments/{self.hidden_comment.pk}")
        yield from (
            f"/c/{self.hidden_comment.pk}/history/",
            f"/c/{self.hidden_comment.pk}/votes/",
            f"/c/{self.hidden_comment.pk}/votes/feed/",
            f"/c/{self.hidden_comment.pk}/disclosure/",
            f"/api/v1/comments/{self.hidden_comment.pk}/votes",
            f"/api/v1/comments/{self.hidden_comment.pk}/disclosure",
            f"/t/{self.thread.pk}/reply/?quote={self.hidden_comment.pk}",
        )
        concern = self.hidden_concern.pk
        yield from (f"/concerns/{concern}/{part}" for part in ("", "feed/", "answer/", "resolution/withdrawn/"))
        yield from (f"/api/v1/concerns/{concern}", f"/api/v1/concerns/{concern}/signatures")
        yield from (f"/concerns/new/?follows={concern}", f"/api/v1/events?subject=concern:{concern}")
        yield from (
            f"/threads/?subject=release:invented-lab/{self.slug}",
            f"/t/new/?subject=release:invented-lab/{self.slug}",
        )
        yield from (f"/access/requests/{self.asked.pk}/", f"/api/v1/access-requests/{self.asked.pk}", "/me/access/")
        for letter in self.letters:
            parts = ("", "answer/", "date/", "proposal/", "refusal/", "report/")
            yield from (f"/letters/{letter.pk}/{part}" for part in parts)
            yield from (f"/api/v1/letters/{letter.pk}", f"/api/v1/letters/{letter.pk}/messages")
            yield f"/api/v1/events?subject=letter:{letter.pk}"
        for comment in self.moderated:
            yield from (f"/c/{comment.pk}/{part}" for part in ("", "history/", "edit/", "report/", "moderate/"))
            yield from (f"/api/v1/comments/{comment.pk}", f"/t/{self.thread.pk}/reply/?quote={comment.pk}")
        for decision in self.decisions:
            yield from (decision.get_absolute_url(), f"/api/v1/moderation-log/{decision.pk}")
        yield from (f"/t/held/{self.held_post.pk}/", f"/t/{self.decision_on_thread.thread_id}/", "/api/v1/reports")
        yield from (f"/matrix/?cell={pk}" for pk in range(1, 12))
        yield from ("/labs/invented-lab/members/", "/labs/invented-lab/edit/", "/labs/invented-lab/domain/")
        yield from self.guesses_of_taken()

    def walk(self, who, client=None):
        """Open everything as somebody; returns what was read and all that should not have been so.

        No word is read that is not for them, every answer keeps the policy of headers and says who may keep it, and
        no row is changed.
        """
        private = {word.encode(): place for word, (place, may) in self.canaries.items() if who not in may}
        client = client or self.signed_in(self.person(who))
        wrong, read, before = [], [], digests()
        for address, response in crawl(client, seeds=self.guesses()):
            assert response.status_code < 500 or address == "/readyz", address
            body = body_of(response)
            read.append(body)
            # What one has asked for oneself is not news.
            asked = address.encode()
            wrong += [f"{place} at {address}" for word, place in private.items() if word in body and word not in asked]
            wrong += [f"{address}: {what}" for what in wrong_with(response, path=address)]
            if who != "sue":  # whose session is over
                wrong += kept_by_others(who, address, response)
        wrong += [f"rows of {table} are changed" for table in changed(before, digests())]
        print(f"walk as {who}: {len(self.canaries)} marked words, {len(read)} pages, {len(wrong)} faults")
        return read, wrong

    def test_as_nobody(self):
        assert self.walk("anonymous")[1] == []

    def test_as_an_outsider(self):
        assert self.walk("eve")[1] == []

    def test_as_somebody_who_left_the_lab(self):
        assert self.walk("fred")[1] == []

    def test_as_the_owner_of_another_lab(self):
        assert self.walk("otto")[1] == []

    def test_as_somebody_suspended(self):
        assert self.walk("sue", self.as_(self.sue))[1] == []

    def test_as_a_member_of_the_lab(self):
        assert self.walk("bob")[1] == []

    def test_as_a_moderator(self):
        assert self.walk("mod")[1] == []

    def test_as_an_author(self):
        assert self.walk("ida")[1] == []

    def test_as_the_owner_of_the_lab_who_reads_her_own(self):
        """The walk and the words work: Ada, who may, finds hers."""
        read, wrong = self.walk("ada")
        assert wrong == []
        private = {word.encode() for word, (place, may) in self.canaries.items() if "ada" in may}
        missed = [self.canaries[word.decode()][0] for word in private if not any(word in body for body in read)]
        assert len(missed) <= 2, missed

    def test_with_a_token_of_an_outsider(self):
        assert self.leaks_by_token("eve") == []

    def test_with_a_token_of_somebody_who_left(self):
        assert self.leaks_by_token("fred") == []

    def leaks_by_token(self, who):
        private = {word.encode(): place for word, (place, may) in self.canaries.items() if who not in may}
        client = self.api(self.person(who), scope="read")
        found = []
        for address, response in crawl(client, seeds=self.guesses(), only="/api/"):
            body = body_of(response)
            found += [f"{place} at {address}" for word, place in private.items()
                      if word in body and word not in address.encode()]  # fmt: skip
        return found

    def test_search_finds_none_and_says_the_same_as_for_a_word_that_is_nowhere(self):
        client = self.as_(self.eve)
        nowhere = self.answers(client, "zqnowhere000qz")
        for word in self.canaries:
            if not word.startswith("-"):  # as a token may, which asks for all that is without it
                assert self.answers(client, word) == nowhere, self.canaries[word]

    def answers(self, client, word):
        asked = [("/search/", word), ("/threads/search/", word), ("/threads/search/", f"in:{self.thread.pk} {word}"),
                 ("/threads/search/", f"quoted:{word}")]  # fmt: skip
        pages = [client.get(path, {"q": text}).content.decode().replace(word, "WORD") for path, text in asked]
        pages = [re.sub(r'csrfmiddlewaretoken" value="\w+', "", page) for page in pages]
        in_api = [client.get(f"/api/v1/{name}", {"q": word}).json() for name in ("search", "comments")]
        return pages, in_api

    def test_a_word_that_is_there_for_all_to_read_is_found_in_every_form(self):
        """A planted leak: the walk is not blind to any of the ways in which a thread can be read."""
        word = canary("planted")
        said = post(self.thread, f"Plainly {word}, ταῦτα πάντα ἐστὶν ἀληθῆ καὶ οὐκ ἔστιν ἄλλως", self.ida)
        comment = post(self.long_thread, "Another.", self.ida)
        concern = raise_concern(comment, f"Named {word}", self.ida)
        write_summary(self.long_thread, f"Summed {word}", self.ida, first=1, last=2, replaces=self.summary.pk)
        tell(Event.objects.filter(data__comment=said.pk).latest("pk").pk)
        leaks = {}
        for who in (None, "eve"):
            client = self.as_(self.person(who)) if who else self.as_()
            leaks[who] = {a for a, r in crawl(client, seeds=self.guesses()) if word.encode() in body_of(r)}

        thread, long = self.thread.pk, self.long_thread.pk
        for address in (
            f"/t/{thread}/", f"/t/{thread}/json/", f"/t/{thread}/mbox/", f"/t/{thread}/feed/", "/threads/feed/",
            "/api/v1/comments", f"/t/{long}/", f"/t/{long}/summaries/", "/api/v1/summaries",
            "/concerns/", "/concerns/feed/", f"/concerns/{concern.pk}/", "/api/v1/concerns",
            f"/threads/search/?q=in:{thread}",
        ):  # fmt: skip
            assert address in leaks[None], address
        assert leaks["eve"] >= {"/inbox/", "/api/v1/notices"} or "/inbox/since/?of=everything" in leaks["eve"]
        (pages, in_api), (none, none_in_api) = (self.answers(self.as_(), w) for w in (word, "zqnowhere000qz"))
        assert [page != other for page, other in zip(pages, none, strict=True)] == [True, True, True, False]
        assert in_api[1] != none_in_api[1]

    def test_mail_tells_nobody_what_is_not_for_them(self):
        """The letter to whoever was invited holds the link, and no other private word."""
        assert self.eve.notices.filter(due_at__isnull=False).count() == 4
        write_mail(self.eve.pk)
        known = {self.invited.token, self.invited.email.partition("@")[0]}
        letters = OutboundMail.objects.all()
        assert letters
        handles = dict(User.objects.values_list("email", "handle"))
        for letter in letters:
            said = f"{letter.subject} {letter.body} {letter.html} {letter.headers}"
            who = handles.get(letter.recipients[0])
            assert not [place for word, (place, may) in self.canaries.items()
                        if word in said and who not in may and word not in known]  # fmt: skip

"""A small world in which everything exists in every state, and everybody who could want to look at it.

Ada owns the lab, Ed edits for it, Bo belongs to it; Fred left it, Otto owns another one, Sue is suspended though an
editor on paper; Mo moderates, curates and chairs; Ida wrote what is discussed; Ivy is invited; Olga has a concern;
Eve is anybody else.
"""

import json
from datetime import UTC, datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db import connection
from django.urls import get_resolver
from django.utils import timezone

from discussions.concerns.actions import answer, open_concern
from discussions.disclosures.authorships import name_author
from discussions.letters.actions import send_letter
from discussions.letters.consent import enter_old_letter, propose
from discussions.mail_in import links
from discussions.mail_in.models import IncomingMail
from discussions.moderation import actions as moderation
from discussions.notifications.actions import follow
from discussions.notifications.telling import tell
from discussions.notifications.unsubscribing import token_for
from discussions.summaries.actions import write_summary
from discussions.threads.actions import hold, post, start_thread
from discussions.threads.models import Thread
from discussions.votes.actions import vote
from discussions.workshops.actions import add_session, open_workshop
from registry.access.actions import ask, open_programme
from registry.accounts.actions import issue_token, revoke_token, state_affiliation
from registry.analyses import catalogue
from registry.analyses.actions import queue_run
from registry.analyses.models import Run
from registry.claims.actions import claim_entry
from registry.clock import figures
from registry.core.subjects import Subject
from registry.facts import actions as facts
from registry.history.models import Event
from registry.intents.actions import announce, make_final
from registry.intents.models import Intent
from registry.labs.actions import ask_for_domain_check, invite, leave, register_lab
from registry.labs.models import Lab
from registry.norms.actions import declare, publish_version
from registry.releases.actions import attach_card, begin_entry, publish, save_draft
from registry.releases.models import Entry
from registry.replications.actions import assess, report_replication, take_back_verdict
from registry.samples.actions import attach_samples
from tests.people import CLAUSES, CONTENT, Browser, PlatformTestCase, make_person

CARD = "---\nlicence: mit\n---\n# Lamp\n\nA small model. {mark}\n"


def patterns(found=None, route="", namespace=""):
    """Every address of the site as (name, route, view)."""
    for pattern in get_resolver().url_patterns if found is None else found:
        here = route + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            inside = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from patterns(pattern.url_patterns, here, inside)
        else:
            yield namespace + (pattern.name or ""), here, pattern.callback


class WorldTestCase(PlatformTestCase):
    """`self.people` by handle; `self.key(name, state)` gives the arguments of an address."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls._add_people()
        cls._add_entries()
        cls._add_facts_and_claims()
        cls._add_runs()
        cls._add_words()
        cls._add_replications()
        cls._add_intents()
        cls._add_access()
        cls._add_letters()
        cls._add_moderation()
        cls._add_notices()
        cls._add_mail()
        with connection.cursor() as cursor:
            # What earlier tests undid is still in the tables' files; without a count of what lives, plans go astray.
            # The site's limit is for its own statements, and a busy machine counts for longer than that.
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("ANALYZE")
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")

    @classmethod
    def _add_people(cls):
        for handle in ("edd", "fred", "otto", "sue", "ida", "ivy", "pia", "olga"):
            setattr(cls, handle, make_person(handle, f"{handle.title()} Example"))
        cls.lab.memberships.create(user=cls.edd, role="editor")
        cls.lab.memberships.create(user=cls.sue, role="editor")
        cls.pia_membership = cls.lab.memberships.create(user=cls.pia, role="member")
        leave(cls.lab.memberships.create(user=cls.fred, role="owner"), by=cls.fred)
        cls.sue.suspended_at = timezone.now()
        cls.sue.save()
        Lab.objects.filter(pk=cls.lab.pk).update(verified_domain="example.org", verified_at=timezone.now())
        cls.absent_lab = register_lab(
            name="Absent Works", slug="absent-works", homepage="https://absent.example/", by=cls.mo, belongs=False
        )
        cls.other_lab = register_lab(name="Other Works", slug="other-works", by=cls.otto)
        cls.invitation = invite(cls.lab, email=cls.ivy.email, role="member", by=cls.ada)
        cls.check = ask_for_domain_check(cls.lab, domain="example.org", method="dns", by=cls.ada)
        cls.affiliation = state_affiliation(cls.ida, organisation="Somewhere")
        cls.token_row, cls.token = issue_token(cls.ida, name="script", scope="write")
        data = {"name": "Key", "passwordless": False, "credential": {}}
        cls.key_row = Authenticator.objects.create(user=cls.ida, type=Authenticator.Type.WEBAUTHN, data=data)

    @classmethod
    def _add_entries(cls):
        cls.public_card = cls.file(cls, CARD.format(mark=""))
        attach_card(cls.entry, cls.public_card, by=cls.ada)
        publish(cls.entry, by=cls.ada, justification="A card was added.")
        cls.draft_entry = cls.draft(cls, "hidden-lantern", title="Hidden Lantern")
        cls.private_card = cls.file(cls, CARD.format(mark="draft-card"), name="private.md")
        attach_card(cls.draft_entry, cls.private_card, by=cls.ada)
        curated = {"by": cls.mo, "content": CONTENT, "origin": Entry.Origin.THIRD_PARTY}
        cls.curated_entry = begin_entry(cls.lab, "curated-lamp", **curated)
        attach_card(cls.curated_entry, cls.file(cls, CARD.format(mark=""), by=cls.mo), by=cls.mo)
        publish(cls.curated_entry, by=cls.mo)
        save_draft(cls.curated_entry, CONTENT | {"summary": "Changed."}, by=cls.mo)
        publish(cls.curated_entry, by=cls.mo, justification="A word was changed.")
        cls.curated_draft = begin_entry(cls.lab, "curated-lantern", **curated)
        attach_card(cls.curated_draft, cls.file(cls, CARD.format(mark=""), by=cls.mo, name="c.md"), by=cls.mo)
        cls.samples = {}
        for state, entry in (
            ("published", cls.entry), ("draft", cls.draft_entry), ("curated", cls.curated_entry),
            ("curated draft", cls.curated_draft),
        ):  # fmt: skip
            text = json.dumps({"text": f"A sample of {state}."})
            file = cls.file(cls, text, kind="samples", by=entry.created_by, name="samples.jsonl")
            cls.samples[state] = attach_samples(entry, file, by=entry.created_by)
            if entry.published_at:
                publish(entry, by=entry.created_by, justification="Samples were added.")
        for entry in (cls.entry, cls.draft_entry, cls.curated_entry, cls.curated_draft):
            changed = entry.draft | {"rationale": f"{entry.draft['rationale']} Changed."}
            save_draft(entry, changed, by=entry.created_by)
        cls.entries = {
            "published": cls.entry, "draft": cls.draft_entry,
            "curated": cls.curated_entry, "curated draft": cls.curated_draft,
        }  # fmt: skip

    @classmethod
    def _add_access(cls):
        """A programme that nobody has asked, and one that Ida has."""
        content = CONTENT | {"stages": [CONTENT["stages"][0] | {"components": [
            CONTENT["stages"][0]["components"][0] | {"gate": "application_manual", "audience": "verified_researchers"}
        ]}]}  # fmt: skip
        cls.gated = begin_entry(cls.lab, "gated-lamp", by=cls.ada, content=content)
        publish(cls.gated, by=cls.ada)
        given = {"components": ["weights_final"], "criteria": "Whoever asks.", "decided_within": 14}
        cls.programme = open_programme(cls.gated, given | {"name": "For all"}, by=cls.ada)
        asked = open_programme(cls.gated, given | {"name": "For some"}, by=cls.ada)
        cls.access_request = ask(asked, {"purpose": "To see.", "sector": "academia"}, by=cls.ida)

    @classmethod
    def _add_facts_and_claims(cls):
        """Ida disputed a fact; Ada claimed what Mo had curated."""
        words = {"reason": "It was June.", "source_title": "A log"}
        cls.statement = facts.state(cls.entry, "cell/2024-05-01/weights_final/1B", "dispute", by=cls.ida, **words)
        claimed = begin_entry(cls.lab, "claimed-lamp", by=cls.mo, content=CONTENT, origin=Entry.Origin.THIRD_PARTY)
        publish(claimed, by=cls.mo)
        cls.lab.refresh_from_db()
        cls.claim = claim_entry(Entry.objects.get(pk=claimed.pk), by=cls.ada)

    @classmethod
    def _add_runs(cls):
        """Of every entry one that waits and one that failed."""
        cls.runs = {}
        analysis = catalogue.get("model_card")
        for state, entry in cls.entries.items():
            made = []
            for seed, status in ((11, Run.Status.QUEUED), (12, Run.Status.FAILED)):
                run = queue_run(
                    entry, analysis, {"card": entry.card}, params=analysis.defaults, seed=seed, by=entry.created_by
                )
                Run.objects.filter(pk=run.pk).update(status=status)
                made.append(run)
            cls.runs[state] = dict(zip(("waiting", "failed"), made, strict=True))

    @classmethod
    def _add_words(cls):
        reworded = [c | {"number": n} for n, c in enumerate(CLAUSES, 1)]
        publish_version(cls.norm, purpose="Why, in other words.", clauses=reworded, by=cls.mo)
        cls.norm.refresh_from_db()
        cls.clause = type(cls.clause).objects.with_norm().get(pk=cls.clause.pk)
        cls.declarations = {
            state: declare(cls.entries[state], cls.clause, stance="adheres", reason="As stated.", by=cls.ada)
            for state in ("published", "draft")
        }
        cls.thread = start_thread(cls.entry.subject, "Is it safe?", "I **wonder**.", cls.ida)
        cls.comment = post(cls.thread, "More to say.", cls.ida)
        vote(cls.comment, "agreement", -1, cls.otto)
        subject = cls.entry.subject
        curated = Subject.objects.get(pk=cls.curated_entry.subject_id)
        cls.authorship = name_author(curated, cls.ida, by=cls.ida)
        cls.concern = open_concern(subject, "Who may see it?", "Say **who**.", cls.ida)
        cls.answered_concern = open_concern(subject, "Since when?", "Say when.", cls.ida)
        answer(cls.answered_concern, "Since May.", cls.ada)
        cls.olgas_concern = open_concern(subject, "Why so late?", "Say why.", cls.olga)
        cls.long_thread = start_thread(cls.norm.subject, "At length", "First.", cls.ida)
        Thread.objects.filter(pk=cls.long_thread.pk).update(comment_count=20, next_number=21)
        cls.long_thread.refresh_from_db()
        cls.summary = write_summary(cls.long_thread, "In short.", cls.ida, first=1, last=9, positions=["Yes", "No"])
        day = datetime(2030, 5, 1, 9, tzinfo=UTC)
        cls.workshop = open_workshop(
            slug="spring", title="Spring", starts_on=day.date(), ends_on=day.date(), by=cls.mo
        )  # fmt: skip
        cls.session = add_session(
            cls.workshop, title="Opening", starts_at=day, ends_at=day + timedelta(hours=1), by=cls.mo
        )  # fmt: skip

    @classmethod
    def _add_replications(cls):
        """Ida reported one, which Otto disputes; the worker has been round."""
        given = {"kind": "reimplementation", "component": "weights_final", "date": "2024-07", "who": "Somebody"}
        cls.replication = report_replication(cls.entry, given, by=cls.ida)
        assess(cls.replication, "disputes", {"reason": "Not the same."}, by=cls.otto)
        take_back_verdict(cls.replication, by=cls.otto)
        figures.compute()

    @classmethod
    def _add_intents(cls):
        """Ada announced one about the entry, whose window has closed, and decided and looks back on another."""
        day = timezone.now().date()
        given = {"artefact": "Lamp", "what": "The weights.", "why": "It is small."}
        given |= {"closes_on": day + timedelta(days=14), "planned_on": day + timedelta(days=15)}
        cls.intent = announce(cls.entry, given | {"title": "Give it away"}, by=cls.ada)
        cls.final_intent = announce(cls.entry, given | {"title": "Give it back"}, by=cls.ada)
        closed = {"closes_on": day, "closes_at": timezone.now()}
        Intent.objects.filter(pk__in=[cls.intent.pk, cls.final_intent.pk]).update(**closed)
        make_final(cls.final_intent, {"outcome": "changed", "decision": "We keep it."}, by=cls.ada)
        Intent.objects.filter(pk=cls.final_intent.pk).update(look_back_on=day)

    @classmethod
    def _add_letters(cls):
        """Ida wrote in private, with a date, and in private with a wish to publish; Olga entered an old letter."""
        said = {"body": "It **leaks**.", "by": cls.ida, "category": "misuse_risk"}
        subject, day = cls.entry.subject, timezone.now() + timedelta(days=30)
        cls.private_letter = send_letter(subject, title="In private", visibility="private", **said)
        cls.dated_letter = send_letter(subject, title="For later", visibility="dated", public_on=day, **said)
        cls.proposed_letter = send_letter(subject, title="For everybody", visibility="private", **said)
        propose(cls.proposed_letter, cls.ida)
        cls.old_letter = enter_old_letter(
            subject, title="Long ago", body="Hello.", by=cls.olga, written_on=day.date() - timedelta(days=900)
        )

    @classmethod
    def _add_moderation(cls):
        """Ned, another moderator, decided and proposed; Ida appealed once; Eve reported; something is held."""
        cls.ned = make_person("ned", "Ned Example", is_moderator=True)
        thread = start_thread(cls.entry.subject, "A quarrel", "Listen.", cls.ida)
        said = {"rule": "R1", "reason": "As an example.", "by": cls.ned}
        texts = [post(thread, f"Text {number}.", cls.ida) for number in range(3)]
        cls.decision = moderation.decide("hide", texts[0], **said)
        cls.appealed = moderation.decide("hide", texts[1], **said)
        moderation.appeal(cls.appealed, text="Why?", by=cls.ida)
        cls.proposal = moderation.decide("remove", texts[2], **said)
        cls.report = moderation.report(texts[2], rule="R1", text="Look.", by=cls.eve)
        cls.held = hold(cls.entry.subject, "To be read first.", cls.ida, thread=thread)

    @classmethod
    def _add_notices(cls):
        """Ida follows the entry, and was told of its last revision."""
        cls.subscription = follow(by=cls.ida, subject=cls.entry.subject)
        tell(Event.objects.filter(verb="release.published", subject=cls.entry.subject).latest("pk").pk)
        cls.notice = cls.ida.notices.get()

    @classmethod
    def _add_mail(cls):
        """A mail in Ida's name waits for her word."""
        cls.mail = IncomingMail.objects.create(
            person=cls.ida, state="waiting", kind="reply", about=cls.entry.subject, parent=cls.comment, digest="0" * 64,
            recipient="reply+x@mail.example", size=9, title="Re: Is it safe?", body="By mail.", cut="> Quoted.",
        )  # fmt: skip

    def person(self, handle):
        """Somebody by handle, as the tests spell it; None for "anonymous"."""
        return {"bob": self.bo, "mod": self.mo, "anonymous": None}.get(handle) or getattr(self, handle, None)

    def signed_in(self, user):
        """A browser in which somebody has just given their password."""
        client = self.as_(user)
        if user is not None:
            client.post("/accounts/reauthenticate/", {"password": f"long-{user.handle}-password"})
        return client

    def dead_token(self, user):
        row, token = issue_token(user, scope="write")
        revoke_token(row, by=user)
        return token

    def key(self, name, state="published"):
        """What stands in the address of a pattern, for things in a state."""
        entry = self.entries[state]
        run = self.runs[state]
        in_entry = {"lab": entry.lab.slug, "slug": entry.slug}
        fixed = {
            "download": {"pk": {"published": self.public_card, "draft": self.private_card}.get(state, entry.card).pk},
            "entry-runs": in_entry,
            "api-revision": in_entry | {"number": 1},
            "people-detail": {"handle": "ida"},
            "programmes-detail": {"pk": self.programme.pk},
            "programmes-closing": {"pk": self.programme.pk},
            "programmes-changes": {"pk": self.programme.pk},
            "programmes-reopening": {"pk": self.programme.pk},
            "access-requests-detail": {"pk": self.access_request.pk},
            "access-requests-steps": {"pk": self.access_request.pk},
            "access:programme": {"pk": self.programme.pk},
            "access:edit": {"pk": self.programme.pk},
            "access:close": {"pk": self.programme.pk},
            "access:ask": {"pk": self.programme.pk},
            "access:requests": {"pk": self.programme.pk},
            "access:request": {"pk": self.access_request.pk},
            "access:act": {"pk": self.access_request.pk, "act": "reject"},
            "access:new": in_entry | ({"slug": self.gated.slug} if state == "published" else {}),
            "facts:take_back": {"pk": self.statement.pk},
            "statements-detail": {"pk": self.statement.pk},
            "statements-withdrawal": {"pk": self.statement.pk},
            "claims:detail": {"pk": self.claim.pk},
            "claims:act": {"pk": self.claim.pk, "act": "refuse"},
            "claims-detail": {"pk": self.claim.pk},
            "claims-dispute": {"pk": self.claim.pk},
            "claims-decision": {"pk": self.claim.pk},
            "labs-approval": {"slug": "invented-lab"},
            "labs:claim": {"slug": "absent-works"},
            "labs-detail": {"slug": "invented-lab"},
            "norms-detail": {"key": "N-1"},
            "declarations-detail": {"pk": getattr(self.declarations.get(state), "pk", 0)},
            "runs-detail": {"pk": run["waiting"].pk},
            "workshops-detail": {"slug": "spring"},
            "sessions-detail": {"pk": self.session.pk},
            "threads-detail": {"pk": self.thread.pk},
            "comments-detail": {"pk": self.comment.pk},
            "comments-retraction": {"pk": self.comment.pk},
            "summaries-detail": {"pk": self.summary.pk},
            "summaries-fairness": {"pk": self.summary.pk},
            "summaries:list": {"pk": self.long_thread.pk},
            "summaries:feed": {"pk": self.long_thread.pk},
            "summaries:new": {"pk": self.long_thread.pk},
            "summaries:fair": {"pk": self.long_thread.pk},
            "concerns-detail": {"pk": self.concern.pk},
            "concerns-answer": {"pk": self.concern.pk},
            "concerns-resolution": {"pk": self.answered_concern.pk},
            "concerns-signatures": {"pk": self.olgas_concern.pk},
            "concerns:resolution": {"pk": self.answered_concern.pk, "resolution": "accepted"},
            "concerns:sign": {"pk": self.olgas_concern.pk},
            "concerns:withdraw_signature": {"pk": self.olgas_concern.pk},
            "replications-detail": {"pk": self.replication.pk},
            "replications-verdicts": {"pk": self.replication.pk},
            "replications-withdrawal": {"pk": self.replication.pk},
            "intents-detail": {"pk": self.intent.pk},
            "intents-changes": {"pk": self.intent.pk},
            "intents-decision": {"pk": self.intent.pk},
            "intents-withdrawal": {"pk": self.intent.pk},
            "intents-look-back": {"pk": self.final_intent.pk},
            "intents:look_back": {"pk": self.final_intent.pk},
            "subscriptions-detail": {"pk": self.subscription.pk},
            "notices-detail": {"pk": self.notice.pk},
            "incoming-mails-detail": {"pk": self.mail.pk},
            "incoming-mails-posting": {"pk": self.mail.pk},
            "mail_in:detail": {"pk": self.mail.pk},
            "mail_in:by_link": {"token": links.token_for(self.mail)},
            "notifications:unsubscribe": {"token": token_for(self.ida, self.entry.subject)},
            "account_confirm_email": {"key": "none"},
            "account_reset_password_from_key": {"uidb36": "1", "key": "none"},
            "mfa_remove_webauthn": {"pk": self.key_row.pk},
            "mfa_edit_webauthn": {"pk": self.key_row.pk},
            "accounts:person": {"handle": "ida"},
            "accounts:feed": {"handle": "ida"},
            "accounts:drop_affiliation": {"pk": self.affiliation.pk},
            "accounts:revoke_token": {"pk": self.token_row.pk},
            "labs:invitation": {"token": self.invitation.token},
            "labs:change_role": {"slug": "invented-lab", "pk": self.pia_membership.pk},
            "labs:end_membership": {"slug": "invented-lab", "pk": self.pia_membership.pk},
            "labs:withdraw_invitation": {"slug": "invented-lab", "pk": self.invitation.pk},
            "labs:check_domain": {"slug": "invented-lab", "pk": self.check.pk},
            "releases:revision": in_entry | {"number": 1},
            "releases:content": in_entry | {"number": 1},
            "exchange:preview": {"pk": self.public_card.pk},
            "exchange:exports": in_entry | {"number": 1},
            "exchange:download": in_entry | {"number": 1, "name": "model-card"},
            "exchange:losses": in_entry | {"number": 1, "name": "csv"},
            "api-exports": in_entry | {"number": 1},
            "api-export": in_entry | {"number": 1, "name": "csv"},
            "releases:diff": in_entry | {"before": 1, "after": 2},
            "releases:edit_stage": in_entry | {"number": 1},
            "samples:samples": in_entry | {"digest": self.samples[state].digest},
            "api-samples": in_entry | {"digest": self.samples[state].digest},
            "norms:version": {"number": 1, "version": 1},
            "norms:diff": {"number": 1, "between": (1, 2)},
            "norms:declare": in_entry | {"number": 1, "clause": 1},
            "analyses:run": {"pk": run["waiting"].pk},
            "analyses:cancel": {"pk": run["waiting"].pk},
            "analyses:repeat": {"pk": run["failed"].pk},
            "analyses:request": in_entry | {"analysis": "model_card"},
            "own-vote": {"pk": self.comment.pk, "axis": "helpful"},
            "threads:comment": {"pk": self.comment.pk},
            "threads:edit": {"pk": self.comment.pk},
            "threads:retract": {"pk": self.comment.pk},
            "threads:history": {"pk": self.comment.pk},
            "workshops:session": {"slug": "spring", "pk": self.session.pk},
            "workshops:edit_session": {"slug": "spring", "pk": self.session.pk},
        }
        fixed["disclosures:close_authorship"] = fixed["authorships-closing"] = {"pk": self.authorship.pk}
        fixed["api-file"] = fixed["download"]
        fixed["moderation:subject"] = fixed["moderation:report_subject"] = {"pk": entry.subject_id}
        fixed |= self._keys_of_moderation() | self._keys_of_letters()
        if name in fixed:
            return fixed[name]
        route = next(route for known, route, _ in patterns() if known == name)
        shared = {
            "<slug:lab>": in_entry, "N-<int:number>": {"number": 1}, "<int:clause>": {"clause": 1},
            "labs/<slug:slug>": {"slug": "invented-lab"}, "workshops/<slug:slug>": {"slug": "spring"},
            "t/<int:pk>": {"pk": self.thread.pk}, "concerns/<int:pk>": {"pk": self.concern.pk},
            "replications/<int:pk>": {"pk": self.replication.pk}, "c/<int:pk>": {"pk": self.comment.pk},
            "intents/<int:pk>": {"pk": self.intent.pk},
            "comments/<int:pk>": {"pk": self.comment.pk},
        }  # fmt: skip
        return {k: v for part, key in shared.items() if part in route for k, v in key.items()}

    def _keys_of_letters(self):
        found = dict.fromkeys(("messages", "proposal", "report-letter", "answer", "report"), self.private_letter)
        found |= dict.fromkeys(("detail", "opening", "withdrawal", "date"), self.dated_letter)
        found |= dict.fromkeys(("take-back", "take_back", "consent", "refusal"), self.proposed_letter)
        keys = {f"letters{sign}{act}": {"pk": letter.pk} for sign in "-:" for act, letter in found.items()}
        return keys | {"letters:of_lab": {"slug": "invented-lab"}}

    def _keys_of_moderation(self):
        decision, proposal, appealed = ({"pk": d.pk} for d in (self.decision, self.proposal, self.appealed))
        found = dict.fromkeys(("decision", "appeal", "restore"), decision)
        found |= {"confirm": proposal, "refuse": proposal, "judge": appealed}
        found |= dict.fromkeys(("release", "decline_held"), {"pk": self.held.pk})
        found |= dict.fromkeys(("comment", "report_comment"), {"pk": self.comment.pk})
        found |= dict.fromkeys(("person", "report_person"), {"handle": "ida"})
        found |= dict.fromkeys(("summary", "report_summary"), {"pk": self.summary.pk})
        found = {f"moderation:{name}": key for name, key in found.items()}
        in_api = {"confirmation": proposal, "refusal": proposal, "restoration": decision, "appeal": decision}
        found |= {f"decisions-{name}": key for name, key in in_api.items()} | {"decisions-judgement": appealed}
        return found | {
            "threads:held": {"pk": self.held.pk},
            "reports-detail": {"pk": self.report.pk},
            "moderation-log-detail": decision,
        }

    def strict_client(self, user=None):
        """A browser from which a write without a token of the form is refused."""
        client = Browser(enforce_csrf_checks=True)
        if user is not None:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

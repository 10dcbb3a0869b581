"""Put the example content into the site: recorded decisions, an invented lab, a norm, discussion, a workshop.

Everything goes through the same actions as a person's own deeds. What is there already is left as it is,
so the command may run any number of times, and may be stopped at any point and run again. A site that has the
examples of an earlier Daylight gets those that it lacks; where an entry still says what an earlier file said, the
fuller content becomes its next revision.
"""

import json
import os
import secrets
import zoneinfo
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Q

from discussions.concerns.actions import answer, open_concern, raise_concern, resolve
from discussions.concerns.models import Concern
from discussions.concerns.signing import sign
from discussions.threads.actions import post, start_thread
from discussions.threads.models import Comment, Thread
from discussions.workshops.actions import add_session, open_workshop
from discussions.workshops.models import Workshop
from registry.access.actions import open_programme
from registry.accounts.actions import change_profile, join, state_affiliation
from registry.accounts.models import User
from registry.analyses.actions import request_run
from registry.core.canonical import digest
from registry.core.files import store_file
from registry.core.rules import allows
from registry.core.subjects import Subject
from registry.intents.actions import announce
from registry.intents.models import Intent
from registry.labs.actions import register_lab
from registry.labs.models import Lab, Membership
from registry.norms.actions import declare, find_clause, publish_norm, publish_version
from registry.norms.models import Norm
from registry.releases.actions import attach_card, begin_entry, publish, save_draft
from registry.releases.content import normalise
from registry.releases.models import Entry
from registry.replications.actions import report_replication

FOLDER = Path(__file__).resolve().parents[3] / "registry" / "examples"
CURATOR = "daylight-curators"
SIGN_IN = ["ada-example", "mo-example"]


class Command(BaseCommand):
    help = "Load the example content; may run twice without doubling anything."

    def handle(self, *args, **options):
        for step in (self.people, self.labs, self.norms, self.releases, self.declarations, self.versions,
                     self.replications, self.samples, self.intents, self.access, self.threads,
                     self.concerns, self.workshops):  # fmt: skip
            self.stdout.write(f"Examples: {step.__doc__}")
            step()
        self.stdout.write("Examples: done.")

    def read(self, name):
        return json.loads((FOLDER / name).read_text(encoding="utf-8"))

    def people(self):
        """people."""
        passwords = {}
        for given in self.read("people.json"):
            if not User.objects.filter(handle=given["handle"]).exists():
                password = secrets.token_urlsafe(9) if given["handle"] in SIGN_IN else None
                self.person(given, password)
                passwords |= {given["handle"]: password} if password else {}
        if not User.objects.filter(handle=CURATOR).exists():
            with transaction.atomic():
                user = join(CURATOR, "curators@example.org", display_name="Curators of the examples")
                user.is_moderator = True
                user.save(update_fields=["is_moderator"])
                about = "Not a person: the account under which the example entries about real releases were written."
                change_profile(user, display_name=user.display_name, about=about)
        if passwords:
            self.tell_passwords(passwords)

    @transaction.atomic
    def person(self, given, password):
        user = join(given["handle"], given["email"], password=password, display_name=given["display_name"])
        user.is_moderator = given["handle"] == "mo-example"
        user.save(update_fields=["is_moderator"])
        user.emailaddress_set.create(email=user.email, verified=True, primary=True)
        change_profile(user, display_name=given["display_name"], about=given["about"])
        for stated in given["affiliations"]:
            since, until = (date.fromisoformat(stated[k]) if stated[k] else None for k in ("from", "to"))
            kind, sector = stated.get("kind", "member"), stated.get("sector", "")
            state_affiliation(
                user, organisation=stated["organisation"], role=stated["role"], kind=kind, sector=sector,
                since=since, until=until,
            )  # fmt: skip

    def tell_passwords(self, passwords):
        """Random each time, told only to whoever can read the data folder."""
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        path = settings.DATA_DIR / "first_sign_in.txt"
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            for handle, password in passwords.items():
                out.write(f"{handle} {password}\n")

    def labs(self):
        """the invented lab."""
        for given in self.read("labs.json"):
            if Lab.objects.filter(slug=given["slug"]).exists():
                continue
            with transaction.atomic():
                owner = next(m["handle"] for m in given["members"] if m["role"] == Membership.Role.OWNER)
                lab = self.lab(given, owner=self.user(owner))
                for member in given["members"]:
                    if member["handle"] != owner:
                        lab.memberships.create(user=self.user(member["handle"]), role=member["role"])

    def lab(self, given, owner=None):
        """The lab, registered by its owner, or without members by the curators."""
        named = Lab.objects.filter(Q(slug=given["slug"]) | Q(name__iexact=given["name"]))
        found = sorted(named, key=lambda lab: lab.slug != given["slug"])
        return found[0] if found else register_lab(
            name=given["name"], slug=given["slug"], homepage=given.get("homepage", ""), about=given.get("about", ""),
            by=owner or self.user(CURATOR), belongs=owner is not None,
        )  # fmt: skip

    def user(self, handle):
        return User.objects.get(handle=handle)

    def norms(self):
        """the example norm."""
        self.norm_keys = {}
        for path in sorted((FOLDER / "norms").glob("*.json")):
            given = json.loads(path.read_text(encoding="utf-8"))
            norm = Norm.objects.filter(title=given["title"]).first() or publish_norm(
                title=given["title"], summary=given["summary"], purpose=given["purpose"],
                note=given.get("version_note", ""), clauses=given["clauses"], by=self.user(CURATOR),
            )  # fmt: skip
            self.norm_keys[given["ref"]] = norm.key

    def ref(self, ref):
        """The reference with the norm's number on this site."""
        kind, _, key = ref.partition(":")
        head, slash, rest = key.partition("/")
        return f"{kind}:{self.norm_keys.get(head, head)}{slash}{rest}" if kind in ("norm", "clause") else ref

    def releases(self):
        """release entries."""
        for path in sorted((FOLDER / "releases").glob("*.json")):
            given = json.loads(path.read_text(encoding="utf-8"))
            lab = self.lab(given["lab"])
            entry = Entry.objects.with_current().filter(lab=lab, slug=given["slug"]).first()
            # One that was taken from view, withdrawn, or registered by the lab itself is there already, too.
            if entry is None or entry.current is None:
                entry = self.release(lab, entry, given)
            if justification := why_revised(given, entry.current):
                self.revise(entry, given["content"], justification)

    @transaction.atomic
    def release(self, lab, entry, given):
        curated = given["origin"] == Entry.Origin.THIRD_PARTY
        by = self.user(CURATOR) if curated else self.owner(lab)
        content = given["content"] | given.get("earlier", {})
        entry = entry or begin_entry(lab, given["slug"], by=by, content=content, origin=given["origin"])
        card = FOLDER / "cards" / f"{given['slug']}.md"
        if card.exists() and not curated:
            attach_card(entry, self.file(card, "model_card", by), by=by)
        publish(entry, by=by)
        return entry

    @transaction.atomic
    def revise(self, entry, content, justification):
        """The next revision, unless somebody is changing the entry, took it from view or went back behind this."""
        entry = Entry.objects.with_current().get(pk=entry.pk)
        by, shown = entry.created_by, entry.published_at and not entry.withdrawn_at
        untouched = normalise(entry.draft) == entry.current.content
        before = entry.revisions.filter(digest=digest(normalise(content))).exists()
        if shown and untouched and not before and allows(by, "releases.edit", entry):
            save_draft(entry, content, by=by)
            publish(entry, by=by, justification=justification)

    def owner(self, lab):
        return lab.memberships.filter(role=Membership.Role.OWNER).first().user

    def file(self, path, kind, by):
        return store_file(ContentFile(path.read_bytes(), name=path.name), kind=kind, by=by)

    def entry(self, ref):
        lab, slug = ref.removeprefix("release:").split("/")
        return Entry.objects.select_related("lab", "subject", "current").get(lab__slug=lab, slug=slug)

    def declarations(self):
        """declarations of the invented lab."""
        for given in self.read("declarations.json"):
            entry, clause = self.entry(given["release"]), find_clause(self.ref(given["clause"]))
            if not entry.declarations.filter(clause=clause).exists():
                declare(
                    entry, clause, stance=given["stance"], reason=given["reason"], evidence=given["evidence"],
                    by=self.owner(entry.lab),
                )  # fmt: skip

    def versions(self):
        """later versions of the example norm."""
        for path in sorted((FOLDER / "norms").glob("*.json")):
            given = json.loads(path.read_text(encoding="utf-8"))
            norm = Norm.objects.with_current().get(title=given["title"])
            for later in given.get("later", [])[norm.current.number - 1 :]:
                clauses = [c | later["clauses"].get(str(c["number"]), {}) for c in given["clauses"]]
                by = self.user(CURATOR)
                publish_version(norm, purpose=given["purpose"], clauses=clauses, note=later["note"], by=by)

    def replications(self):
        """reports of replications and leaks."""
        for given in self.read("replications.json"):
            entry, report = self.entry(given["release"]), given["report"]
            same = {name: report.get(name, "") for name in ("kind", "component", "variant", "date", "who")}
            if not entry.replications.filter(**same).exists():
                report_replication(entry, report, by=self.user(CURATOR))

    def samples(self):
        """samples of the invented model, and their analysis."""
        folder, entry = FOLDER / "samples", self.entry("release:example-lab/lantern")
        if entry.runs.filter(analysis="detection").exists():
            return
        by = self.owner(entry.lab)
        inputs = {
            "generated": self.file(folder / "lantern_generated.jsonl", "samples", by),
            "human": self.file(folder / "reference_human.jsonl", "reference", by),
        }
        request_run(entry, "detection", inputs, by=by)

    def intents(self):
        """what the invented lab plans, with an objection that waits for its answer."""
        for given in self.read("intents.json"):
            entry = self.entry(given["release"])
            if not Intent.objects.filter(entry=entry, artefact=given["artefact"]).exists():
                self.intent(entry, given)

    @transaction.atomic
    def intent(self, entry, given):
        """Its days count from the day of loading, so that its window is open."""
        days = {f"{name}_on": date.today() + timedelta(given[f"{name}_in_days"])
                for name in ("closes", "planned", "look_back")}  # fmt: skip
        words = {name: given[name] for name in ("artefact", "title", "what", "why")}
        intent = announce(entry, words | days, by=self.user(given["by"]))
        said = given["concern"]
        open_concern(intent.subject, said["title"], said["body"], self.user(said["author"]))

    def access(self):
        """how the invented lab gives access."""
        for given in self.read("access.json"):
            entry = self.entry(given["release"])
            if not entry.programmes.filter(name=given["programme"]["name"]).exists():
                open_programme(entry, given["programme"], by=self.user(given["by"]))

    def threads(self):
        """discussions."""
        for given in self.read("threads.json"):
            self.thread(Subject.objects.get(ref=self.ref(given["subject"])), given)

    @transaction.atomic
    def thread(self, subject, given):
        if Thread.objects.filter(about=subject, title=given["title"]).exists():
            return
        first, *rest = given["comments"]
        thread = start_thread(subject, title=given["title"], body=first["body"], by=self.user(first["author"]))
        known = {first["key"]: Comment.objects.get(thread=thread, number=1)}
        for said in rest:
            official = Lab.objects.get(slug=said["official"]) if said.get("official") else None
            known[said["key"]] = post(
                thread, body=said["body"], by=self.user(said["author"]), parent=known[said["parent"]],
                official_for=official,
            )  # fmt: skip

    def concerns(self):
        """concerns."""
        for given in self.read("concerns.json"):
            place = {"thread__about__ref": self.ref(given["subject"]), "thread__title": given["thread"]}
            opening = Comment.objects.with_thread().get(**place, number=given["number"])
            if not Concern.objects.filter(opening=opening).exists():
                self.concern(opening, given)

    @transaction.atomic
    def concern(self, opening, given):
        clause = find_clause(self.ref(given["clause"]))
        concern = raise_concern(opening, given["title"], opening.author, clause=clause)
        for handle in given["signers"]:
            sign(concern, self.user(handle))
        if said := given["answer"]:
            answer(concern, said["body"], self.user(said["author"]))
        if said := given["resolution"]:
            resolve(concern, said["resolution"], opening.author, said["body"])

    def workshops(self):
        """the invented workshop."""
        for given in self.read("workshops.json"):
            if not Workshop.objects.filter(slug=given["slug"]).exists():
                self.workshop(given)

    @transaction.atomic
    def workshop(self, given):
        chair = self.user("mo-example")
        workshop = open_workshop(
            slug=given["slug"], title=given["title"], summary=given["summary"], colocated_with=given["conference"],
            venue=given["venue"], time_zone=given["timezone"], starts_on=date.fromisoformat(given["starts"]),
            ends_on=date.fromisoformat(given["ends"]), by=chair, chairs=[self.user(h) for h in given["chairs"]],
        )  # fmt: skip
        zone = zoneinfo.ZoneInfo(given["timezone"])
        for item in given["sessions"]:
            starts, ends = (datetime.fromisoformat(item[k]).replace(tzinfo=zone) for k in ("starts", "ends"))
            session = add_session(
                workshop, title=item["title"], kind=item["kind"], starts_at=starts, ends_at=ends,
                room=item.get("room", ""), abstract=item.get("abstract", ""), by=chair,
                speakers=[self.user(h) for h in item.get("speakers", [])],
                topics=[Subject.objects.get(ref=self.ref(r)) for r in item.get("subjects", [])],
            )  # fmt: skip
            if item.get("thread"):
                self.thread(session.subject, item["thread"])


def why_revised(given, current):
    """Why the file's content follows on `current`; nothing where that is no revision which these files have made."""
    if current.digest in given.get("replaces", {}).get("digests", []):
        return given["replaces"]["justification"]
    if "earlier" in given and current.digest == digest(normalise(given["content"] | given["earlier"])):
        return given["justification"]
    return ""

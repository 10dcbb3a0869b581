"""Who may do what: `docs/permissions.csv` says it for every address and method, and the site does just that."""

import csv
import itertools
from collections import Counter
from datetime import timedelta

from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from registry.accounts.actions import issue_token
from tests.people import Browser
from tests.shared import ROOT

from .world import CARD, CLAUSES, WorldTestCase, patterns

STATES = {"published": "published", "draft": "draft", "curated": "curated", "curated_draft": "curated draft"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Beside "person", which every signed-in person is, and "everyone".
ROLES = {
    "anonymous": set(),
    "eve": {"person", "reader", "reporter", "onlooker"},
    "bob": {"person", "reader", "member"},
    "edd": {"person", "reader", "editor"},
    "ada": {"person", "reader", "owner"},
    "pia": {"person", "reader", "member", "leaver"},
    "fred": {"person", "reader", "onlooker"},
    "otto": {"person", "reader", "onlooker"},
    "mo": {"person", "reader", "moderator", "curator", "chair"},
    "ida": {"person", "author", "self", "onlooker"},
    "ivy": {"person", "reader", "invitee", "onlooker"},
    "sue": set(),
}
for _roles in ROLES.values():
    if "person" in _roles and "author" not in _roles:
        _roles.add("another")  # somebody who did not write the comment
FACT = "stage/2024-05-01"
CARD_FILE = ("card.md", CARD.format(mark="").encode())


def table():
    with (ROOT / "docs" / "permissions.csv").open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


class Bodies:
    """For every write a body that does what the address is for, so that a refusal is one of permission."""

    def __init__(self, world, state):
        self.world, self.state = world, state
        self.entry = world.entries[state]

    def of(self, name):
        return getattr(self, name.replace(":", "_").replace("-", "_"), dict)()

    def entry_runs(self):
        return {"analysis": "model_card", "inputs": {"card": self.card().pk}, "params": {}, "seed": 77}

    def card(self):
        """A card that whoever asks may use: that of the published entry, which everyone sees."""
        return self.world.public_card

    def api_releases(self):
        curated = {"origin": "third_party"} if self.state == "curated" else {}
        return {"lab": "invented-lab", "slug": "new-thing", "title": "New thing"} | curated

    def api_release(self):
        return {"summary": "Another summary."}

    def api_publication(self):
        return {"justification": "A word was changed."}

    def api_card(self):
        return {"file": self.card().pk}

    def api_approvals(self):
        return {"draft_version": self.entry.draft_version}

    def releases_approve(self):
        return {"version": self.entry.draft_version}

    def api_plan(self):
        return {"at": "2199-05-01T09:00:00Z", "justification": "A word was changed."}

    def api_withdrawal(self):
        return {"reason": "It was wrong."}

    releases_withdraw = facts_take_back = statements_withdrawal = claims_act = claims_dispute = api_withdrawal

    def claims_decision(self):
        return {"reason": "It was wrong.", "outcome": "refused"}

    def claims_list(self):
        return {"release": self.entry.key}

    def statements_list(self):
        return {"release": self.entry.key} | self.facts_speak()

    def facts_speak(self):
        return {"fact": FACT, "kind": "dispute", "reason": "It was June.", "source_title": "A log"}

    def labs_approval(self):
        return {"needed": True}

    def labs_claim(self):
        return {"domain": "absent.example", "method": "dns"}

    def api_sample_files(self):
        """A file that whoever asks may use: that of the published entry, which everyone sees."""
        return {"file": self.world.samples["published"].file_id}

    def samples_upload(self):
        return {"file": SimpleUploadedFile("more.jsonl", b'{"text": "More."}')}

    def api_files(self):
        return {"kind": "model_card", "file": SimpleUploadedFile(*CARD_FILE)}

    def labs_list(self):
        return {"name": "Entirely New", "slug": "entirely-new"}

    labs_new = labs_list

    def norms_list(self):
        return {"title": "Another norm", "clauses": CLAUSES}

    def versions_list(self):
        return {"norm": "N-1", "clauses": [clause | {"clause": "new"} for clause in CLAUSES]}

    def declarations_list(self):
        return {"release": self.entry.key, "clause": "N-1/2", "stance": "adheres"}

    def workshops_list(self):
        return {"slug": "autumn", "title": "Autumn", "starts_on": "2030-10-01", "ends_on": "2030-10-02"}

    def workshops_new(self):
        return self.workshops_list() | {"time_zone": "UTC"}

    def sessions_list(self):
        times = {"starts_at": "2030-05-01T11:00:00Z", "ends_at": "2030-05-01T12:00:00Z"}
        return {"workshop": "spring", "title": "Second"} | times

    def workshops_new_session(self):
        times = {"starts_at": "2030-05-01T11:00", "ends_at": "2030-05-01T12:00"}
        return {"title": "Second", "kind": "talk"} | times

    workshops_edit_session = workshops_new_session

    def threads_list(self):
        return {"subject": self.entry.subject.ref, "title": "A question", "body": "What of it?"}

    threads_new = threads_list

    def comments_list(self):
        return {"thread": self.world.thread.pk, "body": "Indeed."}

    def comments_detail(self):
        return {"body": "Said better."}

    threads_reply = threads_preview = comments_detail

    def threads_edit(self):
        return {"body": "Said better.", "version": 0}

    def threads_retract(self):
        return {"reason": "It was wrong."}

    comments_retraction = threads_retract

    def threads_seen(self):
        return {"highest": "2"}

    def comment_disclosure(self):
        return {"text": "I had left by then."}

    disclosures_of_comment = comment_disclosure

    def comment_votes(self):
        return {"axis": "helpful", "value": 1}

    def votes_cast(self):
        return {"vote": f"{self.world.comment.pk} agree"}

    def summaries_list(self):
        thread, current = self.world.long_thread.pk, self.world.summary.pk
        return {"thread": thread, "first": 1, "last": 20, "body": "Shorter.", "replaces": current}

    def summaries_new(self):
        return {"first": 1, "last": 20, "body": "Shorter.", "positions": "Yes", "replaces": self.world.summary.pk}

    def summaries_fair(self):
        return {"summary": self.world.summary.pk, "position": 1}

    def summaries_fairness(self):
        return {"position": 1}

    concerns_list = concerns_new = threads_list

    def replications_list(self):
        return {"release": self.entry.key} | self.replications_new()

    def replications_new(self):
        return {"kind": "leak", "component": "weights_final", "date": "2024-07-01", "source_title": "A post"}

    def replications_verdicts(self):
        return {"stance": "confirms", "reason": "I ran it."}

    def replications_confirm(self):
        return {"reason": "I ran it."}

    replications_dispute = replications_confirm

    def replications_withdrawal(self):
        return {"reason": "I misread it."}

    replications_withdraw = replications_withdrawal

    def access_new(self):
        said = {"name": "Another", "components": ["weights_final"], "criteria": "Whoever asks.", "decided_within": 7}
        return said

    def access_edit(self):
        return self.access_new() | {"version": self.world.programme.version}

    def access_close(self):
        return {"words": "It is over."}

    programmes_closing = access_close

    def programmes_changes(self):
        return self.access_new() | {"version": self.world.programme.version}

    def access_ask(self):
        return {"purpose": "To see.", "sector": "press"}

    def access_act(self):
        return {"reject-words": "It was not said why."}

    def programmes_list(self):
        return self.access_new() | {"release": self.world.gated.key}

    def access_requests_list(self):
        return self.access_ask() | {"programme": self.world.programme.pk}

    def access_requests_steps(self):
        return {"act": "reject", "words": "It was not said why."}

    def intents_list(self):
        return {"release": self.entry.key} | self.intents_new()

    def intents_new(self):
        day = timezone.now().date()
        said = {"artefact": "Lamp", "title": "Give the rest away", "what": "The data.", "why": "They are small."}
        days = {"closes_on": day + timedelta(days=20), "planned_on": day + timedelta(days=30)}
        return said | {"time_zone": "UTC"} | {name: day.isoformat() for name, day in days.items()}

    def intents_changes(self):
        return {"title": "Give all of it away", "reason": "We were asked."} | {
            "closes_on": self.intents_new()["closes_on"], "planned_on": self.intents_new()["planned_on"],
        }  # fmt: skip

    def intents_change(self):
        return self.intents_new() | {"reason": "We were asked.", "version": 1}

    def intents_decision(self):
        return {"outcome": "changed", "decision": "We keep it."}

    def intents_withdrawal(self):
        return {"reason": "We keep it."}

    intents_withdraw = intents_withdrawal

    def intents_look_back(self):
        return {"verdict": "hold", "look_back": "They do."}

    def concerns_answer(self):
        return {"body": "As was said."}

    def concerns_resolution(self):
        # The page names the resolution in its address.
        return {"resolution": "accepted", "body": "It does."}

    def authorships_list(self):
        return {"subject": self.entry.subject.ref}

    def authorships_closing(self):
        return {"words": "It was another one."}

    disclosures_close_authorship = authorships_closing
    def letters_list(self):
        day = (timezone.now() + timedelta(days=9)).date().isoformat()
        return self.threads_list() | {"visibility": "dated", "public_on": day}

    def letters_new(self):
        return self.letters_list() | {"category": "misuse_risk", "named": "on"}

    def letters_old(self):
        written = {"written_on": "2019-02-28", "written_by": "sender", "person": "olga", "category": "replication"}
        return self.threads_list() | written

    def letters_detail(self):
        return {"public_on": (timezone.now() + timedelta(days=9)).date().isoformat()}

    letters_date = letters_detail

    def letters_messages(self):
        return {"body": "We look into it."}

    letters_answer = letters_messages

    def letters_proposal(self):
        return {"scope": "letter"}

    def letters_refusal(self):
        return {"reason": "It names somebody."}

    def letters_report(self):
        return {"rule": "R1", "text": "Look."}

    letters_report_letter = letters_report

    def moderation_report_comment(self):
        return {"rule": "R1", "text": "Look."}

    moderation_report_thread = moderation_report_person = moderation_report_comment
    moderation_report_summary = moderation_report_subject = moderation_report_comment

    def reports_list(self):
        return {"comment": self.world.comment.pk, "rule": "R1"}

    def decisions_list(self):
        return {"kind": "hide", "comment": self.world.comment.pk, "rule": "R1", "reason": "It insults."}

    def moderation_comment(self):
        return {"act": "hide", "hide-rule": "R1", "hide-reason": "It insults."}

    def moderation_subject(self):
        return self.moderation_comment()

    moderation_summary = moderation_subject

    def moderation_thread(self):
        return {"act": "lock", "lock-rule": "R4", "lock-reason": "In circles.", "lock-days": "7"}

    def moderation_person(self):
        return {"act": "suspend", "suspend-rule": "R1", "suspend-reason": "Again.", "suspend-days": "7"}

    def moderation_appeal(self):
        return {"text": "It was a quotation."}

    decisions_appeal = moderation_appeal

    def moderation_restore(self):
        return {"reason": "A mistake."}

    decisions_restoration = moderation_restore

    def moderation_judge(self):
        return {"outcome": "overturned", "answer": "It was."}

    decisions_judgement = moderation_judge

    def moderation_decline_held(self):
        return {"answer": "It sells something."}

    def subscriptions_list(self):
        return {"subject": self.entry.subject.ref}

    def subscriptions_detail(self):
        return {"cadence": "weekly"}

    def notices_reading(self):
        return {"up_to": self.world.notice.pk}

    def notifications_follow(self):
        return {"subject": self.entry.subject.pk}

    def notifications_read(self):
        return {"up_to": self.world.notice.pk}

    def notifications_settings(self):
        return {"cadence": "daily", "mail": "on"}

    def accounts_me(self):
        return {"display_name": "Another Name", "time_zone": "UTC"}

    def accounts_me_affiliations(self):
        return {"organisation": "Elsewhere", "kind": "member"}

    def accounts_me_pseudonyms(self):
        return {"handle": "grey-heron"}

    pseudonyms_list = accounts_me_pseudonyms

    def accounts_me_tokens(self):
        return {"name": "mine", "scope": "read", "days": "7"}

    def labs_edit(self):
        return {"name": "Invented Lab", "homepage": "https://example.org/new"}

    def labs_members(self):
        return {"email": "somebody@example.org", "role": "member"}

    def labs_change_role(self):
        return {"role": "editor"}

    def labs_domain(self):
        return {"domain": "example.com", "method": "dns"}

    def releases_new(self):
        return {"lab": "invented-lab", "title": "New thing", "slug": "new-thing", "kind": "model"}

    def exchange_bring(self):
        return {"text": "# Lamp\n\nWords."}

    api_imports = exchange_bring

    def exchange_preview(self):
        return {"lab": "invented-lab", "slug": "brought-thing", "take": ["title"]}

    def releases_edit_card(self):
        return {"text": "# Another card\n\nWith words."}

    def releases_publish(self):
        return {"justification": "A word was changed.", "version": self.entry.draft_version}

    def analyses_request(self):
        return {"card": SimpleUploadedFile(*CARD_FILE)}

    def norms_declare(self):
        return {"stance": "planned"}


# Writes on pages that answer with a page, not with the address of another one.
ANSWERS_WITH_PAGE = {
    "accounts:me_tokens", "threads:preview", "releases:edit", "releases:edit_stage", "analyses:prefill",
    "account_login", "account_signup", "account_reset_password", "account_confirm_email", "notifications:unsubscribe",
    "account_reset_password_from_key", "mfa_login_webauthn", "account_reauthenticate", "account_email",
    "account_change_password", "account_set_password", "mfa_reauthenticate", "mfa_activate_totp",
    "mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_add_webauthn", "mfa_reauthenticate_webauthn",
    "mfa_edit_webauthn", "usersessions_list", "account_confirm_login_code", "mfa_authenticate",
}  # fmt: skip
# A page, or a sentence why there is none now; in any case it is for whoever asked.
ALSO = {"readyz": {503}, "mfa_login_webauthn": {400}, "mfa_view_recovery_codes": {404},
        "mfa_download_recovery_codes": {404}, "mfa_deactivate_totp": {404}, "mfa_authenticate": {404},
        "mfa_reauthenticate_webauthn": {400}, "mfa_add_webauthn": {400},
        "account_reset_password_from_key": {404}, "account_confirm_email": {404}, "search-list": {400},
        "api-review": {409}, "api-plan": {409}, "api-comparison": {400}, "programmes-reopening": {409}}  # fmt: skip


class EveryAddressHasARow:
    """Shared by the tests below: rows, and what a request came to."""

    rows = table()

    def cases(self):
        for row in self.rows:
            for column, state in STATES.items():
                if row[column]:
                    yield row, state, set(row[column].split())

    def is_for_all(self, row, people):
        """Whether this is public reading, which those try for whom it is least sure."""
        return row["method"] == "GET" and "everyone" in people

    def verdict(self, response, row):
        name, page = row["name"], not row["address"].startswith("/api/v1/")
        if response.status_code in ALSO.get(name, ()):
            return "done"
        if response.status_code in (401, 403, 404):
            return "refused"
        if response.status_code == 302 and page and "/accounts/login/" in response["Location"]:
            return "done" if row["published"] == "everyone" and name != "labs:invitation" else "refused"
        if response.status_code == 302 and "/reauthenticate/" in response["Location"]:
            return "done" if "reauthenticate" in name else "refused"
        if row["method"] == "GET" or not page or name in ANSWERS_WITH_PAGE:
            return "done" if response.status_code < 400 else f"status {response.status_code}"
        # A form that is shown again has not done what was asked.
        return "done" if response.status_code in (302, 303) else "refused"

    def ask(self, client, row, state, **headers):
        """Make the request, and make it undone."""
        address = reverse(row["name"], kwargs=self.key(row["name"], state))
        if row["name"] in ("threads:new", "concerns:new", "letters:new", "letters:old") and row["method"] == "GET":
            address += f"?subject={self.entries[state].subject.ref}"
        if row["name"] == "facts:speak" and row["method"] == "GET":
            address += f"?fact={FACT}&kind=dispute"
        if row["name"] == "releases:compare":
            address += "?before=1&after=2"
        how = {}
        if row["method"] != "GET":
            how["data"] = body = Bodies(self, state).of(row["name"])
            if row["method"] != "POST" or (row["address"].startswith("/api/") and row["name"] != "api-files"):
                as_json = {k: v for k, v in body.items() if not hasattr(v, "read")}
                how = {"data": as_json, "content_type": "application/json"}
        cache.clear()
        cookies = client.cookies.copy()
        with transaction.atomic():
            response = getattr(client, row["method"].lower())(address, **how, **headers)
            transaction.set_rollback(True)
        client.cookies = cookies
        return response


class TestTheTable(EveryAddressHasARow, WorldTestCase):
    def test_every_address_has_a_row(self):
        known = {row["name"] for row in self.rows}
        assert [name for name, _, _ in patterns() if name not in known] == []
        assert [name for name in known if name not in {n for n, _, _ in patterns()}] == []

    def test_no_address_is_nameless_or_doubly_named(self):
        names = Counter(name for name, _, _ in patterns())
        assert not [name for name, times in names.items() if times > 1 or not name or name.endswith(":")]

    def test_no_row_is_doubled_and_every_role_is_one_that_is_tried(self):
        rows = Counter((row["name"], row["method"]) for row in self.rows)
        assert max(rows.values()) == 1
        tried = set().union(*ROLES.values()) | {"everyone", "nobody"}
        assert {who for _, _, people in self.cases() for who in people} <= tried

    def test_a_method_without_a_row_does_nothing(self):
        said = {(row["name"], row["method"]) for row in self.rows}
        clients = [self.signed_in(user) for user in (None, self.ada)]
        wrong = []
        for name, route, _ in patterns():
            for method in METHODS:
                if (name, method) in said:
                    continue
                row = {"name": name, "method": method, "address": f"/{route}", "published": ""}
                for client in clients:
                    response = self.ask(client, row, "published")
                    if response.status_code not in (401, 403, 404, 405) and not self._sent_away(response):
                        wrong.append((name, method, response.status_code))
        assert not wrong, "\n".join(" ".join(map(str, case)) for case in wrong)

    def _sent_away(self, response):
        return response.status_code == 302 and "/accounts/login/" in response["Location"]


class TestPages(EveryAddressHasARow, WorldTestCase):
    """In a browser: anonymous, eleven people, four states of an entry."""

    def test_everyone_may_do_what_the_table_says_and_nothing_else(self):
        clients = {who: self.signed_in(self.person(who)) for who in ROLES}
        wrong, tried, few = [], Counter(), itertools.cycle(FEW)
        for row, state, people in self.cases():
            for who in next(few) if self.is_for_all(row, people) else in_turn(people, tried):
                tried[who] += 1
                client = clients[who]
                response = self.ask(client, row, state)
                may = "everyone" in people or bool(people & ROLES[who])
                found = self.verdict(response, row)
                if (row["name"], who) == MADE_UP:
                    continue
                if found != ("done" if may else "refused"):
                    wrong.append((row["name"], row["method"], state, who, "may" if may else "may not", found))
                if not may and "draft" in state and response.status_code == 403 and not ROLES[who] & INSIDE[state]:
                    wrong.append((row["name"], row["method"], state, who, "is told that it exists"))
        print(f"permission table: {tried.total()} requests, {len(wrong)} differences")
        assert not wrong, "\n".join(" ".join(map(str, case)) for case in wrong)


# Pairs for whom it is least sure that they may read what is public.
FEW = (("anonymous", "eve"), ("sue", "otto"))
# Those who differ in nothing but what a row may name; the others are tried each time.
ALIKE = [("eve", "otto", "fred", "ivy"), ("bob", "pia"), ("anonymous", "sue")]


def in_turn(people, tried):
    """Whom to try where `people` may: of those alike, one who may and one who may not, whoever was tried least."""
    chosen = [who for who in ROLES if not any(who in alike for alike in ALIKE)]
    for alike in ALIKE:
        for may in (True, False):
            same = [who for who in alike if ("everyone" in people or bool(people & ROLES[who])) is may]
            chosen += [min(same, key=tried.__getitem__)] if same else []
    return chosen


# Ida's key was made up, so nothing can be signed with it.
MADE_UP = ("mfa_reauthenticate_webauthn", "ida")
INSIDE = {"draft": {"member", "editor", "owner"}, "curated draft": {"curator"}}


class TestTokens(EveryAddressHasARow, WorldTestCase):
    """By script: a token that may read, one that may write, one that is dead; and what a suspended person holds."""

    def test_a_token_may_do_what_its_scope_and_its_person_may(self):
        people = ("eve", "bob", "edd", "ada", "otto", "mo", "ida")
        tokens = {(who, scope): issue_token(self.person(who), scope=scope)[1] for who in people for scope in SCOPES}
        few = {case: tokens[case] for case in (("eve", "read"), ("otto", "write"))}
        # A token that only reads is refused all writes whosesoever it is: those who may most show it.
        most = {case: token for case, token in tokens.items() if "write" in case or case[0] in ("ada", "mo")}
        wrong, tried = [], 0
        for row, state, allowed in self.cases():
            if not row["token"]:
                continue
            for (who, scope), token in (few if self.is_for_all(row, allowed) else most).items():
                tried += 1
                client = Browser(headers={"authorization": f"Bearer {token}"})
                response = self.ask(client, row, state)
                may = "everyone" in allowed or bool(allowed & ROLES[who])
                may = may and (scope == "write" or row["token"] == "read")
                found = self.verdict(response, row)
                if found != ("done" if may else "refused"):
                    wrong.append((row["name"], row["method"], state, who, scope, "may" if may else "may not", found))
        print(f"permission table by token: {tried} requests, {len(wrong)} differences")
        assert not wrong, "\n".join(" ".join(map(str, case)) for case in wrong)

    def test_a_dead_token_or_that_of_a_suspended_person_reads_not_even_what_is_public(self):
        self.sue.suspended_at = None
        self.sue.save()
        _, sues = issue_token(self.sue, scope="write")
        type(self.sue).objects.filter(pk=self.sue.pk).update(suspended_at="2026-01-01T00:00Z")
        for token in (self.dead_token(self.ada), sues, "dl_unknown", "x"):
            client = Browser(headers={"authorization": f"Bearer {token}"})
            for row in self.rows:
                if row["token"] and row["name"] != "api-schema":
                    assert self.ask(client, row, "published").status_code == 401, (row["name"], row["method"])

    def test_a_token_opens_no_page(self):
        _, token = issue_token(self.ada, scope="write")
        for row in self.rows:
            if row["token"] or row["published"] == "everyone":
                continue
            client = Browser(headers={"authorization": f"Bearer {token}"})
            found = self.verdict(self.ask(client, row, "published"), row)
            assert found == "refused", (row["name"], row["method"], found)


SCOPES = ("read", "write")

"""Writing under a pseudonym: where it is allowed, what is shown, and that nothing leads to whoever stands behind it."""

from datetime import date

import pytest

from discussions.concerns.actions import answer, open_concern, raise_concern, resolve
from discussions.concerns.models import Concern
from discussions.concerns.signing import sign
from discussions.disclosures.actions import correct_disclosure
from discussions.threads.actions import edit, post, start_thread
from discussions.threads.models import Comment, Thread
from discussions.votes.actions import vote
from discussions.workshops.actions import add_session, open_workshop
from registry.accounts.actions import state_affiliation, take_pseudonym
from registry.core.errors import Conflict, Invalid, Refused
from registry.history.models import Event
from tests.security.crawler import body_of, crawl

from .conftest import person
from .test_pages import article, text_of


@pytest.fixture
def ivy(db, lab):
    """Belongs to the lab, and writes as grey-heron."""
    ivy = person("zq-ivy-qz", "Zqivyname Example")
    lab.memberships.create(user=ivy, role="member")
    state_affiliation(ivy, organisation="Zquniversity", role="student")
    return ivy


@pytest.fixture
def heron(ivy):
    return take_pseudonym(ivy, "grey-heron")


@pytest.fixture
def allowed(settings):
    settings.PSEUDONYMS = True


class TestTaking:
    def test_makes_a_person_that_nobody_can_sign_in_as(self, heron, ivy, client):
        persona = heron.persona
        assert (persona.display_name, persona.email, persona.has_usable_password()) == (
            "grey-heron (pseudonym)", "", False,
        )  # fmt: skip
        assert not persona.emailaddress_set.exists()
        assert Event.objects.get(subject=persona.subject).actor == persona
        for password in ("", "!", persona.password):
            client.post("/accounts/login/", {"login": "grey-heron", "password": password})
            assert client.get("/me/").status_code == 302

    def test_is_shown_to_its_owner_alone(self, heron, ivy, eve, client):
        client.force_login(ivy)
        assert "grey-heron" in text_of(client.get("/me/pseudonyms/"))
        client.force_login(eve)
        assert "grey-heron" not in text_of(client.get("/me/pseudonyms/"))

    def test_is_refused_beyond_three_and_for_names_like_others(self, heron, ivy, client):
        client.force_login(ivy)
        for handle in ("grey-heron", "grey-her0n", "admin", "A b", "x" * 40, "nul\0"):
            assert client.post("/me/pseudonyms/", {"handle": handle}).status_code == 200, handle
        assert ivy.pseudonyms.count() == 1
        for handle in ("red-kite", "barn-owl"):
            take_pseudonym(ivy, handle)
        with pytest.raises(Conflict):
            take_pseudonym(ivy, "wood-lark")


class TestWriting:
    def test_is_refused_where_it_is_not_allowed(self, thread, entry, ivy, heron):
        with pytest.raises(Refused):
            post(thread, "text", ivy, pseudonym=heron)
        with pytest.raises(Refused):
            start_thread(entry, "Title", "text", ivy, pseudonym=heron)
        assert Comment.objects.count() == 1

    def test_shows_the_persona_and_that_there_are_ties(self, allowed, thread, ivy, heron):
        comment = post(thread, "text", ivy, pseudonym=heron)

        assert (comment.author, comment.name) == (heron.persona, "grey-heron (pseudonym)")
        assert comment.disclosure == {
            "display_name": "grey-heron (pseudonym)", "handle": "grey-heron", "orcid": "", "affiliations": [],
            "ties": [{"lab": "openlab", "kind": "tied", "role": "", "words": "tied to Openlab"}],
            "tie": "tied to Openlab", "shown": "",
        }  # fmt: skip
        assert Event.objects.get(verb="comment.posted").actor == heron.persona

    def test_shows_no_ties_where_there_are_none(self, allowed, thread, bo, ada, lab):
        kim = person("kim", "Kim")
        comment = post(thread, "text", kim, pseudonym=take_pseudonym(kim, "barn-owl"))

        assert (comment.disclosure["ties"], comment.disclosure["tie"]) == ([], "")

    def test_is_refused_to_anybody_but_its_owner_and_to_the_suspended(self, allowed, thread, ivy, heron, bo):
        with pytest.raises(Refused):
            post(thread, "text", bo, pseudonym=heron)
        heron.persona.suspended_at = heron.made_at
        heron.persona.save()
        with pytest.raises(Refused):
            post(thread, "text", ivy, pseudonym=heron)
        ivy.suspended_at = heron.made_at
        with pytest.raises(Refused):
            post(thread, "text", ivy, pseudonym=take_pseudonym(ivy, "barn-owl"))

    def test_is_refused_for_an_official_response(self, allowed, thread, ada, lab):
        with pytest.raises(Refused):
            post(thread, "We answer.", ada, official_for=lab, pseudonym=take_pseudonym(ada, "barn-owl"))

    def test_happens_under_one_name_in_a_discussion(self, allowed, thread, entry, ivy, heron):
        other = start_thread(entry, "Other", "text", ivy)
        post(thread, "text", ivy, pseudonym=heron)
        post(thread, "more", ivy, pseudonym=heron)
        with pytest.raises(Refused):
            post(thread, "I agree with the heron.", ivy)
        with pytest.raises(Refused):
            post(other, "I agree with Ivy.", ivy, pseudonym=heron)
        post(other, "text", ivy)

    def test_leaves_what_is_ones_own_to_its_owner(self, allowed, client, thread, ivy, heron, eve):
        comment = post(thread, "text", ivy, pseudonym=heron)
        edit(comment, "Said better.", ivy, 0)
        correct_disclosure(comment, "Tied no more.", ivy)
        with pytest.raises(Refused):
            vote(comment, "helpful", 1, ivy)

        verbs = {"comment.edited", "disclosure.corrected"}
        assert [e.actor for e in Event.objects.filter(verb__in=verbs)] == [heron.persona] * 2
        client.force_login(ivy)
        shown = article(client.get(f"/t/{thread.pk}/"), comment.pk)
        assert f"/c/{comment.pk}/edit/" in shown and 'name="vote"' not in shown
        assert client.get(f"/c/{comment.pk}/edit/").status_code == 200
        client.force_login(eve)
        assert client.get(f"/c/{comment.pk}/edit/").status_code == 403

    def test_is_chosen_in_the_form(self, allowed, client, thread, entry, ivy, heron, eve):
        client.force_login(ivy)
        assert '<option value="grey-heron">' in text_of(client.get(f"/t/{thread.pk}/reply/"))
        client.post(f"/t/{thread.pk}/reply/", {"body": "text", "pseudonym": "grey-heron"})
        client.post("/t/new/", {"subject": entry.ref, "title": "T", "body": "B", "pseudonym": "grey-heron"})
        assert Comment.objects.filter(author=heron.persona).count() == 2
        assert Thread.objects.latest("pk").started_by == heron.persona

        refused = client.post(f"/t/{thread.pk}/reply/", {"body": "mine", "pseudonym": ""})
        assert "under another name" in text_of(refused) and "mine" in text_of(refused)
        client.force_login(eve)
        assert '<option value="grey-heron">' not in text_of(client.get(f"/t/{thread.pk}/reply/"))
        assert client.post(f"/t/{thread.pk}/reply/", {"body": "x", "pseudonym": "grey-heron"}).status_code == 302
        assert Comment.objects.latest("pk").author == eve  # she was offered none, so the field means nothing

    def test_is_offered_for_mentions_like_anybody_who_speaks_there_and_to_its_owner_no_differently(
        self, allowed, client, thread, ivy, heron, eve
    ):
        post(thread, "text", ivy, pseudonym=heron)
        lists, pages = [], []
        for reader in (ivy, eve):
            client.force_login(reader)
            lists.append([client.get(f"/t/{thread.pk}/people/?q={start}").json() for start in ("", "gr", "zq")])
            pages.append(text_of(client.get(f"/t/{thread.pk}/reply/")).partition("<noscript>")[2].partition("</noscript>")[0])

        assert lists[0] == lists[1] and pages[0] == pages[1]
        assert [person["handle"] for person in lists[0][1]["people"]] == ["grey-heron"]
        assert "@grey-heron" in pages[0] and "zq" not in pages[0]  # who has not spoken under that name is not there

    def test_is_named_over_the_api(self, allowed, api, thread, ivy, heron, eve):
        body = {"thread": thread.pk, "body": "text", "pseudonym": "grey-heron"}
        assert api(ivy).post("/api/v1/comments", body).json()["author"] == "grey-heron"
        assert api(eve).post("/api/v1/comments", body).status_code == 400


class TestConcerns:
    def test_are_opened_and_settled_under_the_name_they_were_opened_under(self, allowed, entry, ivy, heron, ada):
        concern = open_concern(entry, "What is missing?", "Much.", ivy, pseudonym=heron)
        answer(concern, "This.", ada)
        resolve(concern, "withdrawn", ivy, "It was there.")

        assert (concern.opened_by, concern.disclosure["tie"]) == (heron.persona, "tied to Openlab")
        assert concern.resolution.author == heron.persona
        opener_acts = Event.objects.filter(verb__in={"concern.opened", "concern.withdrawn"})
        assert [event.actor for event in opener_acts] == [heron.persona] * 2

    def test_are_raised_from_a_comment_under_its_name(self, allowed, thread, ivy, heron):
        concern = raise_concern(post(thread, "text", ivy, pseudonym=heron), "Named", ivy)

        assert (concern.opened_by, concern.disclosure["handle"]) == (heron.persona, "grey-heron")

    def test_are_neither_signed_nor_answered_by_whoever_opened_them(self, allowed, entry, ada, lab):
        owl = take_pseudonym(ada, "barn-owl")
        concern = open_concern(entry, "What is missing?", "Much.", ada, pseudonym=owl)

        for act in (lambda: sign(concern, ada), lambda: answer(concern, "Nothing.", ada)):
            with pytest.raises(Refused):
                act()

    def test_refuse_a_pseudonym_where_none_is_allowed(self, entry, ivy, heron):
        with pytest.raises(Refused):
            open_concern(entry, "What is missing?", "Much.", ivy, pseudonym=heron)
        assert not Concern.objects.exists()

    def test_offer_it_in_the_form_and_over_the_api(self, allowed, client, api, entry, ivy, heron, eve):
        client.force_login(ivy)
        body = {"subject": entry.ref, "title": "By form", "body": "text", "pseudonym": "grey-heron"}
        client.post("/concerns/new/", body)
        made = api(ivy).post("/api/v1/concerns", body | {"title": "By script"})
        of_another = api(eve).post("/api/v1/concerns", body)

        assert {c.title: c.opened_by for c in Concern.objects.all()} == dict.fromkeys(
            ("By form", "By script"), heron.persona
        )
        assert (made.json()["opened_by"], of_another.json()["errors"][0]["pointer"]) == ("grey-heron", "/pseudonym")
        assert "zq-ivy-qz" not in made.content.decode()


class TestOverTheApi:
    def test_one_lists_and_takes_ones_own(self, api, ivy, heron, eve):
        taken = api(ivy).post("/api/v1/pseudonyms", {"handle": "barn-owl"})

        assert (taken.status_code, taken.json()["display_name"]) == (201, "barn-owl (pseudonym)")
        listed = api(ivy).get("/api/v1/pseudonyms").json()["results"]
        assert [row["handle"] for row in listed] == ["barn-owl", "grey-heron"]
        assert set(listed[0]) == {"handle", "display_name", "made_at", "url"}
        assert api(eve).get("/api/v1/pseudonyms").json()["results"] == []
        assert api().get("/api/v1/pseudonyms").status_code == 401
        assert api(ivy).post("/api/v1/pseudonyms", {"handle": "ADMIN"}).status_code == 400

    def test_threads_are_started_under_it(self, allowed, api, entry, ivy, heron):
        body = {"subject": entry.ref, "title": "T", "body": "B", "pseudonym": "grey-heron"}
        assert api(ivy).post("/api/v1/threads", body).json()["started_by"] == "grey-heron"

    def test_refuses_it_where_it_is_not_allowed(self, api, entry, thread, ivy, heron):
        start = {"subject": entry.ref, "title": "T", "body": "B"}
        bodies = {"threads": start, "concerns": start, "comments": {"thread": thread.pk, "body": "B"}}
        for name, body in bodies.items():
            assert api(ivy).post(f"/api/v1/{name}", body | {"pseudonym": "grey-heron"}).status_code == 403, name
        assert not Comment.objects.filter(author__in=[ivy, heron.persona]).exists()

    def test_the_schema_tells_of_it(self, client):
        schema = client.get("/api/v1/schema/").json()
        assert set(schema["paths"]["/api/v1/pseudonyms"]) == {"get", "post"}
        for name in ("ThreadInput", "CommentInput", "ConcernInput"):
            found = [part for key, part in schema["components"]["schemas"].items() if key.startswith(name)]
            assert found and all("pseudonym" in part["properties"] for part in found), name


class TestWorkshops:
    def test_allow_it_for_themselves_and_their_sessions(self, ivy, heron, eve, entry):
        eve.is_moderator = True
        day = date(2030, 5, 1)
        options = {"title": "Spring", "starts_on": day, "ends_on": day, "by": eve}
        spring = open_workshop(slug="spring", pseudonyms=True, **options)
        autumn = open_workshop(slug="autumn", **options)
        at = {"starts_at": heron.made_at.replace(2030, 5, 1, 9), "ends_at": heron.made_at.replace(2030, 5, 1, 10)}
        sessions = [add_session(workshop, title="Talk", by=eve, **at) for workshop in (spring, autumn)]

        for subject in (spring.subject, sessions[0].subject):
            assert start_thread(subject, "Title", "text", ivy, pseudonym=heron).started_by == heron.persona
        for subject in (autumn.subject, sessions[1].subject, entry):
            with pytest.raises(Refused):
                start_thread(subject, "Title", "text", ivy, pseudonym=heron)


class TestNothingLeadsToTheOwner:
    @pytest.fixture
    def written(self, allowed, entry, thread, ivy, heron, eve):
        mine = start_thread(entry, "A question", "From inside.", ivy, pseudonym=heron)
        comment = post(thread, "An answer.", ivy, parent=thread.comments.get(), pseudonym=heron)
        edit(comment, "A better answer.", ivy, 0)
        correct_disclosure(comment, "It ended.", ivy)
        vote(comment, "agreement", 1, eve)
        concern = open_concern(entry, "What is missing?", "Much.", ivy, pseudonym=heron)
        sign(concern, eve)
        resolve(concern, "withdrawn", ivy, "It was there.")
        return mine, comment

    @pytest.mark.parametrize("who", [None, "mod", "ada"])
    def test_in_what_visitors_moderators_and_the_lab_can_read(self, client, written, ivy, ada, who):
        """Ivy exists nowhere but on her own pages, so any page that names her beside these is a leak."""
        mine, comment = written
        reader = {"mod": person("mod", "Mo"), "ada": ada}.get(who)
        if reader:
            reader.is_moderator = who == "mod"
            reader.save()
            client.force_login(reader)
        about_her = ("/people/zq-ivy-qz", "/api/v1/people", "/labs/openlab", "/api/v1/labs", "/activity/",
                     "/api/v1/events", "/search/")  # fmt: skip
        seeds = [f"{mine.get_absolute_url()}feed/", comment.get_absolute_url(), f"/c/{comment.pk}/history/",
                 f"/c/{comment.pk}/disclosure/", f"/c/{comment.pk}/votes/", "/people/grey-heron/",
                 "/people/grey-heron/feed/", "/api/v1/events?actor=grey-heron", "/api/v1/people/grey-heron",
                 "/threads/feed/", "/concerns/feed/", "/concerns/?state=all", "/api/v1/concerns",
                 f"/api/v1/comments?thread={mine.pk}", "/search/?q=heron"]  # fmt: skip
        read = 0
        for address, response in crawl(client, seeds=seeds):
            about_others = address in seeds or not (address.startswith(about_her) or "zq-ivy-qz" in address)
            if response.status_code == 200 and about_others:
                read += b"grey-heron" in body_of(response)
                for word in (b"zq-ivy-qz", b"Zqivyname", b"Zquniversity"):
                    assert word not in body_of(response), (who, address)
        assert read > 10

    def test_in_events_or_lists_of_her_own(self, client, api, written, ivy):
        assert not Event.objects.filter(actor=ivy, verb__startswith="comment").exists()
        assert not Event.objects.filter(actor=ivy, verb__startswith="thread").exists()
        for path in ("/api/v1/comments?author=zq-ivy-qz", "/api/v1/threads?started_by=zq-ivy-qz"):
            assert client.get(path).json()["results"] == []
        page = text_of(client.get("/people/zq-ivy-qz/"))
        assert "heron" not in page and "answer" not in page


def test_the_pseudonym_of_another_is_refused_as_unknown(api, thread, heron, eve, settings):
    settings.PSEUDONYMS = True
    said = [
        api(eve).post("/api/v1/comments", {"thread": thread.pk, "body": "x", "pseudonym": name}).json()["errors"]
        for name in ("grey-heron", "nobody-at-all")
    ]
    assert said[0] == said[1]


def test_a_name_that_nobody_could_bear_is_refused(ivy):
    with pytest.raises(Invalid):
        take_pseudonym(ivy, "Ada Example")

"""The API of all slices under one roof: `/api/v1/`."""

from django.urls import include, path
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.routers import SimpleRouter

from discussions.concerns.api import ConcernViewSet
from discussions.disclosures.api import AuthorshipViewSet, CommentDisclosure
from discussions.letters.api import LetterViewSet
from discussions.mail_in.api import IncomingMailViewSet
from discussions.moderation.api import DecisionViewSet, LogViewSet, ReportViewSet
from discussions.notifications.api import NoticeViewSet, SubscriptionViewSet
from discussions.summaries.api import SummaryViewSet
from discussions.threads.api import CommentViewSet, ThreadViewSet
from discussions.votes.api import CommentVotes, VoteViewSet
from discussions.workshops.api import SessionViewSet, WorkshopViewSet
from registry.access.api import AccessRequestViewSet, ProgrammeViewSet
from registry.accounts.api import PersonViewSet, PseudonymViewSet
from registry.analyses.api import EntryRuns, FindingViewSet, RunViewSet
from registry.claims.api import ClaimViewSet
from registry.clock.api import ClockViewSet, EntryClockViewSet, WithholdingViewSet
from registry.core.openapi import MadeOnce
from registry.exchange.api import paths as exchange_paths
from registry.facts.api import EntryFacts, StatementViewSet
from registry.finding.api import paths as finding_paths
from registry.history.api import EventViewSet
from registry.intents.api import IntentViewSet
from registry.labs.api import LabViewSet
from registry.norms.api import ClauseViewSet, DeclarationViewSet, NormViewSet, VersionViewSet
from registry.promises.api import PromiseViewSet
from registry.releases.api import paths as release_paths
from registry.releases.controls_api import paths as control_paths
from registry.replications.api import ReplicationViewSet
from registry.samples.api import paths as sample_paths
from registry.search.api import SearchViewSet

router = SimpleRouter(trailing_slash=False)
router.register("people", PersonViewSet, basename="people")
router.register("pseudonyms", PseudonymViewSet, basename="pseudonyms")
router.register("labs", LabViewSet, basename="labs")
router.register("events", EventViewSet, basename="events")
router.register("replications", ReplicationViewSet, basename="replications")
router.register("intents", IntentViewSet, basename="intents")
router.register("promises", PromiseViewSet, basename="promises")
router.register("norms", NormViewSet, basename="norms")
router.register("versions", VersionViewSet, basename="versions")
router.register("clauses", ClauseViewSet, basename="clauses")
router.register("declarations", DeclarationViewSet, basename="declarations")
router.register("runs", RunViewSet, basename="runs")
router.register("findings", FindingViewSet, basename="findings")
router.register("search", SearchViewSet, basename="search")
router.register("statements", StatementViewSet, basename="statements")
router.register("claims", ClaimViewSet, basename="claims")
router.register("workshops", WorkshopViewSet, basename="workshops")
router.register("sessions", SessionViewSet, basename="sessions")
router.register("threads", ThreadViewSet, basename="threads")
router.register("comments", CommentViewSet, basename="comments")
router.register("programmes", ProgrammeViewSet, basename="programmes")
router.register("access-requests", AccessRequestViewSet, basename="access-requests")
router.register("authorships", AuthorshipViewSet, basename="authorships")
router.register("votes", VoteViewSet, basename="votes")
entry_clock = EntryClockViewSet.as_view({"get": "retrieve"})
comment_votes = CommentVotes.as_view({"get": "retrieve", "post": "create"})
comment_disclosure = CommentDisclosure.as_view({"get": "retrieve", "post": "create"})
own_vote = CommentVotes.as_view({"delete": "destroy"})
router.register("summaries", SummaryViewSet, basename="summaries")
router.register("concerns", ConcernViewSet, basename="concerns")
router.register("letters", LetterViewSet, basename="letters")
router.register("reports", ReportViewSet, basename="reports")
router.register("moderation-log", LogViewSet, basename="moderation-log")
router.register("decisions", DecisionViewSet, basename="decisions")
router.register("subscriptions", SubscriptionViewSet, basename="subscriptions")
router.register("notices", NoticeViewSet, basename="notices")
router.register("incoming-mails", IncomingMailViewSet, basename="incoming-mails")

urlpatterns = [
    path("v1/schema/", SpectacularJSONAPIView.as_view(generator_class=MadeOnce), name="api-schema"),
    path("v1/releases/<slug:lab>/<slug:slug>/runs", EntryRuns.as_view(), name="entry-runs"),
    path("v1/releases/<slug:lab>/<slug:slug>/facts", EntryFacts.as_view({"get": "retrieve"}), name="entry-facts"),
    path("v1/releases/<slug:lab>/<slug:slug>/clock", entry_clock, name="entry-clock"),
    path("v1/clock/", ClockViewSet.as_view({"get": "retrieve"}), name="api-clock"),
    path("v1/clock/observations", WithholdingViewSet.as_view({"get": "list"}), name="clock-observations"),
    path("v1/comments/<int:pk>/disclosure", comment_disclosure, name="comment-disclosure"),
    path("v1/comments/<int:pk>/votes", comment_votes, name="comment-votes"),
    path("v1/comments/<int:pk>/votes/<slug:axis>", own_vote, name="own-vote"),
    path("v1/", include(release_paths)),
    path("v1/", include(control_paths)),
    path("v1/", include(sample_paths)),
    path("v1/", include(exchange_paths)),
    path("v1/", include(finding_paths)),
    path("v1/", include(router.urls)),
]

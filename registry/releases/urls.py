"""Addresses of the slice."""

from django.urls import path

from . import feeds
from .views import controls, editing, publishing, reading

app_name = "releases"
ENTRY = "<slug:lab>/<slug:slug>/"
urlpatterns = [
    path("", reading.entries, name="list"),
    path("feed/", feeds.EntriesFeed(), name="feed"),
    path("new/", editing.new, name="new"),
    path("reviews/", controls.reviews, name="reviews"),
    path(ENTRY, reading.detail, name="detail"),
    path(ENTRY + "feed/", feeds.EntryFeed(), name="entry_feed"),
    path(ENTRY + "history/", reading.history, name="history"),
    path(ENTRY + "history/feed/", feeds.HistoryFeed(), name="history_feed"),
    path(ENTRY + "ledger/", reading.ledger, name="ledger"),
    path(ENTRY + "card/", reading.card, name="card"),
    path(ENTRY + "badge.svg", reading.badge, name="badge"),
    path(ENTRY + "r/<int:number>/", reading.revision, name="revision"),
    path(ENTRY + "r/<int:number>/content.json", reading.content, name="content"),
    path(ENTRY + "diff/<int:before>..<int:after>/", reading.diff, name="diff"),
    path(ENTRY + "diff/", reading.compare, name="compare"),
    path(ENTRY + "edit/", editing.edit, name="edit"),
    path(ENTRY + "edit/card/", editing.card, name="edit_card"),
    path(ENTRY + "edit/stages/<int:number>/", editing.stage, name="edit_stage"),
    path(ENTRY + "publish/", publishing.publish, name="publish"),
    path(ENTRY + "publish/cancel/", controls.cancel, name="cancel_plan"),
    path(ENTRY + "review/", controls.ask, name="ask_for_review"),
    path(ENTRY + "approve/", controls.approval, name="approve"),
    path(ENTRY + "withdraw/", controls.withdraw, name="withdraw"),
]

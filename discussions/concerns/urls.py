"""Addresses of the slice, below /concerns/."""

from django.urls import path

from .feeds import ConcernFeed
from .views import acts, reading

app_name = "concerns"
urlpatterns = [
    path("", reading.board, name="list"),
    path("feed/", ConcernFeed(), name="feed"),
    path("new/", acts.new, name="new"),
    path("<int:pk>/", reading.detail, name="detail"),
    path("<int:pk>/feed/", reading.feed, name="concern_feed"),
    path("<int:pk>/answer/", acts.answer, name="answer"),
    path("<int:pk>/resolution/<slug:resolution>/", acts.resolution, name="resolution"),
    path("<int:pk>/signature/", acts.sign, name="sign"),
    path("<int:pk>/signature/withdrawal/", acts.withdraw_signature, name="withdraw_signature"),
]

"""Addresses of the slice."""

from django.urls import path

from . import views
from .feeds import VoteFeed

app_name = "votes"
urlpatterns = [
    path("votes/", views.cast, name="cast"),
    path("c/<int:pk>/votes/", views.of_comment, name="of_comment"),
    path("c/<int:pk>/votes/feed/", VoteFeed(), name="feed"),
]

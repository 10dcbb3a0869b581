"""Addresses of the slice."""

from django.urls import path

from . import feeds, views

app_name = "promises"
urlpatterns = [
    path("", views.board, name="board"),
    path("feed/", feeds.PromisesFeed(), name="feed"),
]

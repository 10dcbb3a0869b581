"""Addresses of the slice."""

from django.urls import path

from . import views
from .feeds import EventFeed

app_name = "history"
urlpatterns = [
    path("activity/", views.activity, name="activity"),
    path("activity/feed/", EventFeed(), name="feed"),
]

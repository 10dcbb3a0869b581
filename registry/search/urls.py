"""Addresses of the slice."""

from django.urls import path

from . import views
from .feeds import SearchFeed

app_name = "search"
urlpatterns = [
    path("", views.search, name="search"),
    path("feed/", SearchFeed(), name="feed"),
]

"""Addresses of the slice."""

from django.urls import path

from . import feeds, views

app_name = "facts"
ENTRY = "releases/<slug:lab>/<slug:slug>/facts/"
urlpatterns = [
    path(ENTRY, views.facts, name="list"),
    path(ENTRY + "feed/", feeds.feed, name="feed"),
    path(ENTRY + "new/", views.speak, name="speak"),
    path("statements/<int:pk>/withdrawal/", views.take_back, name="take_back"),
]

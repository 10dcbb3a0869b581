"""Addresses of the slice, below those of a discussion."""

from django.urls import path

from . import views

app_name = "summaries"
urlpatterns = [
    path("t/<int:pk>/summaries/", views.history, name="list"),
    path("t/<int:pk>/summaries/feed/", views.feed, name="feed"),
    path("t/<int:pk>/summaries/new/", views.new, name="new"),
    path("t/<int:pk>/summaries/fair/", views.fair, name="fair"),
]

"""Addresses of the slice."""

from django.urls import path

from . import views
from .feeds import IntentFeed

app_name = "intents"
urlpatterns = [
    path("intents/", views.intents, name="list"),
    path("intents/feed/", IntentFeed(), name="feed"),
    path("intents/<int:pk>/", views.detail, name="detail"),
    path("intents/<int:pk>/feed/", views.feed, name="intent_feed"),
    path("intents/<int:pk>/change/", views.change, name="change"),
    path("intents/<int:pk>/decision/", views.make_final, name="decision"),
    path("intents/<int:pk>/withdrawal/", views.withdraw, name="withdraw"),
    path("intents/<int:pk>/look-back/", views.look_back, name="look_back"),
    path("releases/<slug:lab>/<slug:slug>/intents/new/", views.new, name="new"),
]

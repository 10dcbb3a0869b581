"""Addresses of the slice, below /workshops/."""

from django.urls import path

from registry.history.feeds import VerbFeed

from . import views

app_name = "workshops"
urlpatterns = [
    path("", views.workshop_list, name="list"),
    path("feed/", VerbFeed.of("workshop.opened", title="Daylight: workshops", link="/workshops/"), name="feed"),
    path("new/", views.new, name="new"),
    path("<slug:slug>/", views.detail, name="detail"),
    path("<slug:slug>/feed/", views.feed, name="workshop_feed"),
    path("<slug:slug>/sessions/new/", views.new_session, name="new_session"),
    path("<slug:slug>/sessions/<int:pk>/", views.session, name="session"),
    path("<slug:slug>/sessions/<int:pk>/edit/", views.edit_session, name="edit_session"),
]

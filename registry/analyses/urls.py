"""Addresses of the slice."""

from django.urls import path

from . import prefill, views

app_name = "analyses"
urlpatterns = [
    path("runs/", views.run_list, name="list"),
    path("runs/feed/", views.feed, name="feed"),
    path("runs/<int:pk>/", views.run, name="run"),
    path("runs/<int:pk>/repeat/", views.repeat, name="repeat"),
    path("runs/<int:pk>/cancel/", views.cancel, name="cancel"),
    path("releases/<slug:lab>/<slug:slug>/prefill/", prefill.prefill, name="prefill"),
    path("releases/<slug:lab>/<slug:slug>/analyses/<slug:analysis>/", views.request_run, name="request"),
]

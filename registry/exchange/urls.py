"""Addresses of the slice."""

from django.urls import path

from . import views

app_name = "exchange"
REVISION = "releases/<slug:lab>/<slug:slug>/r/<int:number>/export/"
urlpatterns = [
    path("import/", views.bring, name="bring"),
    path("import/<int:pk>/", views.preview, name="preview"),
    path(REVISION, views.exports, name="exports"),
    path(REVISION + "<slug:name>", views.download, name="download"),
    path(REVISION + "<slug:name>/losses/", views.losses, name="losses"),
]

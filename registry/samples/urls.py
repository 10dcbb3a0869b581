"""Addresses of the slice."""

from django.urls import path

from . import converters as converters
from . import views

app_name = "samples"
ENTRY = "releases/<slug:lab>/<slug:slug>/"
urlpatterns = [
    path(ENTRY + "samples/", views.sets, name="sets"),
    path(ENTRY + "samples/<sample_digest:digest>/", views.samples, name="samples"),
    path(ENTRY + "edit/samples/", views.upload, name="upload"),
]

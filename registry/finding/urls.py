"""Addresses of the slice."""

from django.urls import path

from . import views

app_name = "finding"
urlpatterns = [
    path("releases/compare/", views.side_by_side, name="compare"),
    path("releases/<slug:lab>/<slug:slug>/precedents/", views.like, name="precedents"),
]

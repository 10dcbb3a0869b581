"""Addresses of the slice."""

from django.urls import path

from . import views

app_name = "claims"
urlpatterns = [
    path("claims/", views.claims, name="list"),
    path("claims/feed/", views.feed, name="feed"),
    path("claims/<int:pk>/", views.detail, name="detail"),
    path("claims/<int:pk>/<slug:act>/", views.act, name="act"),
    path("releases/<slug:lab>/<slug:slug>/claim/", views.new, name="new"),
]

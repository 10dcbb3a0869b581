"""Addresses of the slice."""

from django.urls import path

from . import views

app_name = "access"
urlpatterns = [
    path("access/<int:pk>/", views.programme, name="programme"),
    path("access/<int:pk>/edit/", views.edit, name="edit"),
    path("access/<int:pk>/close/", views.close, name="close"),
    path("access/<int:pk>/ask/", views.ask, name="ask"),
    path("access/<int:pk>/requests/", views.requests, name="requests"),
    path("access/requests/<int:pk>/", views.detail, name="request"),
    path("access/requests/<int:pk>/<slug:act>/", views.act, name="act"),
    path("me/access/", views.mine, name="mine"),
    path("releases/<slug:lab>/<slug:slug>/access/new/", views.new, name="new"),
]

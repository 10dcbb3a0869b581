"""Addresses of the slice."""

from django.urls import path

from . import views

app_name = "accounts"
urlpatterns = [
    path("people/<slug:handle>/", views.person, name="person"),
    path("people/<slug:handle>/feed/", views.person_feed, name="feed"),
    path("me/", views.me, name="me"),
    path("me/affiliations/", views.affiliations, name="me_affiliations"),
    path("me/affiliations/<int:pk>/drop/", views.drop_affiliation, name="drop_affiliation"),
    path("me/pseudonyms/", views.pseudonyms, name="me_pseudonyms"),
    path("me/tokens/", views.tokens, name="me_tokens"),
    path("me/tokens/<int:pk>/revoke/", views.revoke_token, name="revoke_token"),
]

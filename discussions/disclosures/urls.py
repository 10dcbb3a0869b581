"""Addresses of the slice."""

from django.urls import path

from . import views

app_name = "disclosures"
urlpatterns = [
    path("c/<int:pk>/disclosure/", views.of_comment, name="of_comment"),
    path("releases/<slug:lab>/<slug:slug>/authors/", views.authors, name="authors"),
    path("authorships/<int:pk>/close/", views.close, name="close_authorship"),
]

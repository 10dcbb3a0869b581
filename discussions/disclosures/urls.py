"""Addresses of the slice."""

from django.urls import path

from . import views

app_name = "disclosures"
urlpatterns = [path("c/<int:pk>/disclosure/", views.of_comment, name="of_comment")]

"""Addresses of the slice, below /letters/."""

from django.urls import path

from . import views

app_name = "letters"
urlpatterns = [
    path("<int:pk>/", views.detail, name="detail"),
]

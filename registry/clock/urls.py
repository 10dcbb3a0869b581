"""Addresses of the slice, below /clock/."""

from django.urls import path

from . import views

app_name = "clock"
urlpatterns = [
    path("", views.board, name="board"),
    path("curve.csv", views.curve_csv, name="curve_csv"),
    path("observations.csv", views.rows_csv, name="rows_csv"),
]

"""Addresses of the slice."""

from django.urls import path

from . import views

app_name = "mail_in"
urlpatterns = [
    path("inbox/mail/", views.index, name="list"),
    path("inbox/mail/<int:pk>/", views.detail, name="detail"),
    path("mail/<str:token>/", views.by_link, name="by_link"),
]

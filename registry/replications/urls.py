"""Addresses of the slice."""

from django.urls import path

from . import views
from .feeds import ReplicationFeed

app_name = "replications"
urlpatterns = [
    path("replications/", views.reports, name="list"),
    path("replications/feed/", ReplicationFeed(), name="feed"),
    path("replications/<int:pk>/", views.detail, name="detail"),
    path("replications/<int:pk>/feed/", views.feed, name="replication_feed"),
    path("replications/<int:pk>/confirmation/", views.assess, {"stance": "confirms"}, name="confirm"),
    path("replications/<int:pk>/dispute/", views.assess, {"stance": "disputes"}, name="dispute"),
    path("replications/<int:pk>/verdict/withdrawal/", views.take_back_verdict, name="take_back_verdict"),
    path("replications/<int:pk>/withdrawal/", views.withdraw, name="withdraw"),
    path("releases/<slug:lab>/<slug:slug>/replications/new/", views.new, name="new"),
]

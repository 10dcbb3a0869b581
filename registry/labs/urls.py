"""Addresses of the slice, below /labs/."""

from django.urls import path

from registry.history.feeds import VerbFeed

from . import views

app_name = "labs"
urlpatterns = [
    path("", views.lab_list, name="list"),
    path("feed/", VerbFeed.of("lab.registered", title="Daylight: labs", link="/labs/"), name="feed"),
    path("new/", views.new, name="new"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
    path("<slug:slug>/", views.detail, name="detail"),
    path("<slug:slug>/feed/", views.feed, name="lab_feed"),
    path("<slug:slug>/edit/", views.edit, name="edit"),
    path("<slug:slug>/members/", views.members, name="members"),
    path("<slug:slug>/members/<int:pk>/role/", views.change_role, name="change_role"),
    path("<slug:slug>/members/<int:pk>/end/", views.end_membership, name="end_membership"),
    path("<slug:slug>/invitations/<int:pk>/withdraw/", views.withdraw_invitation, name="withdraw_invitation"),
    path("<slug:slug>/approval/", views.approval, name="approval"),
    path("<slug:slug>/claim/", views.claim, name="claim"),
    path("<slug:slug>/domain/", views.domain, name="domain"),
    path("<slug:slug>/domain/<int:pk>/check/", views.check_domain, name="check_domain"),
]

"""Addresses of the slice."""

from django.urls import path

from . import views
from .feeds import LogFeed

app_name = "moderation"
urlpatterns = [
    path("moderation/", views.queue.queue, name="queue"),
    path("moderation/rules/", views.log.rules, name="rules"),
    path("moderation/log/", views.log.log, name="log"),
    path("moderation/log/feed/", LogFeed(), name="log_feed"),
    path("moderation/figures/", views.log.figures, name="figures"),
    path("moderation/reports/", views.reports.own, name="reports"),
    path("moderation/decisions/<int:pk>/", views.decisions.decision, name="decision"),
    path("moderation/decisions/<int:pk>/appeal/", views.decisions.appeal, name="appeal"),
    path("moderation/decisions/<int:pk>/confirm/", views.decisions.confirm, name="confirm"),
    path("moderation/decisions/<int:pk>/refuse/", views.decisions.refuse, name="refuse"),
    path("moderation/decisions/<int:pk>/restore/", views.decisions.restore, name="restore"),
    path("moderation/decisions/<int:pk>/judge/", views.decisions.judge, name="judge"),
    path("moderation/held/<int:pk>/release/", views.held.release, name="release"),
    path("moderation/held/<int:pk>/decline/", views.held.decline, name="decline_held"),
    path("c/<int:pk>/report/", views.reports.comment, name="report_comment"),
    path("t/<int:pk>/report/", views.reports.thread, name="report_thread"),
    path("summaries/<int:pk>/report/", views.reports.summary, name="report_summary"),
    path("subjects/<int:pk>/report/", views.reports.subject, name="report_subject"),
    path("people/<slug:handle>/report/", views.reports.person, name="report_person"),
    path("c/<int:pk>/moderate/", views.cases.comment, name="comment"),
    path("t/<int:pk>/moderate/", views.cases.thread, name="thread"),
    path("summaries/<int:pk>/moderate/", views.cases.summary, name="summary"),
    path("subjects/<int:pk>/moderate/", views.cases.subject, name="subject"),
    path("people/<slug:handle>/moderate/", views.cases.person, name="person"),
]

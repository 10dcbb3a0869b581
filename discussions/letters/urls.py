"""Addresses of the slice, below /letters/."""

from django.urls import path

from .feeds import LetterFeed
from .views import acts, reading

app_name = "letters"
urlpatterns = [
    path("", reading.announced, name="list"),
    path("feed/", LetterFeed(), name="feed"),
    path("mine/", reading.mine, name="mine"),
    path("chairs/", reading.for_chairs, name="chairs"),
    path("labs/<slug:slug>/", reading.of_lab, name="of_lab"),
    path("new/", acts.new, name="new"),
    path("old/", acts.old, name="old"),
    path("<int:pk>/", reading.detail, name="detail"),
    path("<int:pk>/answer/", acts.answer, name="answer"),
    path("<int:pk>/date/", acts.date, name="date"),
    path("<int:pk>/opening/", acts.opening, name="opening"),
    path("<int:pk>/withdrawal/", acts.withdrawal, name="withdrawal"),
    path("<int:pk>/proposal/", acts.proposal, name="proposal"),
    path("<int:pk>/proposal/withdrawal/", acts.take_back, name="take_back"),
    path("<int:pk>/consent/", acts.agreement, name="consent"),
    path("<int:pk>/refusal/", acts.refusal, name="refusal"),
    path("<int:pk>/report/", acts.report, name="report"),
]

"""Addresses of the slice."""

from django.urls import path, register_converter

from registry.history.feeds import VerbFeed

from . import views


class Range:
    """`1..2`, as two numbers in one part of the address."""

    regex = r"[1-9][0-9]{0,5}\.\.[1-9][0-9]{0,5}"

    def to_python(self, value):
        return tuple(int(n) for n in value.split(".."))

    def to_url(self, value):
        return "{}..{}".format(*value)


register_converter(Range, "version_range")


def diff(request, number, between):
    return views.diff(request, number, *between)


app_name = "norms"
urlpatterns = [
    path("norms/", views.norm_list, name="list"),
    path("norms/feed/", VerbFeed.of("norm.published", title="Daylight: norms", link="/norms/"), name="feed"),
    path("norms/N-<int:number>/", views.detail, name="detail"),
    path("norms/N-<int:number>/feed/", views.norm_feed, name="norm_feed"),
    path("norms/N-<int:number>/v/<int:version>/", views.version, name="version"),
    path("norms/N-<int:number>/diff/<version_range:between>/", diff, name="diff"),
    path("norms/N-<int:number>/c/<int:clause>/", views.clause, name="clause"),
    path("norms/N-<int:number>/c/<int:clause>/feed/", views.clause_feed, name="clause_feed"),
    path("matrix/", views.matrix, name="matrix"),
    path(
        "matrix/feed/",
        VerbFeed.of("norm.declared", title="Daylight: declarations", link="/matrix/"),
        name="matrix_feed",
    ),
    path("releases/<slug:lab>/<slug:slug>/declarations/", views.declarations, name="declarations"),
    path("releases/<slug:lab>/<slug:slug>/declarations/N-<int:number>/<int:clause>/", views.declare, name="declare"),
]

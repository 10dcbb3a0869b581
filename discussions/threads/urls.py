"""Addresses of the slice."""

from django.urls import path

from . import export_views, reader_views, views
from .feeds import CommentFeed

app_name = "threads"
urlpatterns = [
    path("threads/", views.index, name="list"),
    path("threads/feed/", CommentFeed(), name="feed_of_all"),
    path("threads/search/", views.search, name="search"),
    path("t/new/", views.new, name="new"),
    path("t/preview/", views.preview, name="preview"),
    path("t/people/", reader_views.people, name="people"),
    path("t/held/<int:pk>/", views.held, name="held"),
    path("t/<int:pk>/", views.detail, name="detail"),
    path("t/<int:pk>/feed/", CommentFeed(), name="feed"),
    path("t/<int:pk>/json/", export_views.as_json, name="json"),
    path("t/<int:pk>/mbox/", export_views.as_mbox, name="mbox"),
    path("t/<int:pk>/people/", reader_views.people, name="people_of"),
    path("t/<int:pk>/seen/", reader_views.seen, name="seen"),
    path("t/<int:pk>/reply/", views.reply, name="reply"),
    path("c/<int:pk>/", views.comment, name="comment"),
    path("c/<int:pk>/edit/", views.edit, name="edit"),
    path("c/<int:pk>/retract/", views.retract, name="retract"),
    path("c/<int:pk>/history/", views.history, name="history"),
]

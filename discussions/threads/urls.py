"""Addresses of the slice."""

from django.urls import path

from .feeds import CommentFeed
from .views import exporting, reading, telling, writing

app_name = "threads"
urlpatterns = [
    path("threads/", reading.index, name="list"),
    path("threads/feed/", CommentFeed(), name="feed_of_all"),
    path("threads/search/", reading.search, name="search"),
    path("t/new/", writing.new, name="new"),
    path("t/preview/", writing.preview, name="preview"),
    path("t/people/", telling.people, name="people"),
    path("t/held/<int:pk>/", reading.held, name="held"),
    path("t/<int:pk>/", reading.detail, name="detail"),
    path("t/<int:pk>/feed/", CommentFeed(), name="feed"),
    path("t/<int:pk>/json/", exporting.as_json, name="json"),
    path("t/<int:pk>/mbox/", exporting.as_mbox, name="mbox"),
    path("t/<int:pk>/people/", telling.people, name="people_of"),
    path("t/<int:pk>/seen/", telling.seen, name="seen"),
    path("t/<int:pk>/reply/", writing.reply, name="reply"),
    path("c/<int:pk>/", reading.comment, name="comment"),
    path("c/<int:pk>/edit/", writing.edit, name="edit"),
    path("c/<int:pk>/retract/", writing.retract, name="retract"),
    path("c/<int:pk>/history/", reading.history, name="history"),
]

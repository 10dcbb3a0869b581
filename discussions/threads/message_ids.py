"""The Message-ID of a comment: the same in every mail and mailbox file, so that mail clients thread discussions."""

from urllib.parse import urlsplit

from django.conf import settings


def message_id(comment):
    """Such as `<comment-12@daylight.example>`."""
    return f"<comment-{comment.pk}@{urlsplit(settings.BASE_URL).hostname}>"

"""What machines, calendars among them, are told of workshops and sessions."""

from django.urls import reverse

from registry.core.identity import Identity, named
from registry.core.text import plain_excerpt


def identity_of_workshop(workshop, chairs):
    return Identity(
        workshop.title, workshop.get_absolute_url(), "Event", workshop.summary, kind="website",
        json=f"/api/v1/workshops/{workshop.slug}", feed=_feed(workshop),
        facts={
            "startDate": workshop.starts_on.isoformat(),
            "endDate": workshop.ends_on.isoformat(),
            "location": _place(workshop.venue),
            "organizer": [named("Person", chair) for chair in chairs],
        },
    )  # fmt: skip


def identity_of_session(workshop, session):
    return Identity(
        session.title, session.get_absolute_url(), "Event", plain_excerpt(session.abstract, 300), kind="website",
        json=f"/api/v1/sessions/{session.pk}", feed=_feed(workshop),
        facts={
            "startDate": session.starts_at.isoformat(),
            "endDate": session.ends_at.isoformat(),
            "location": _place(", ".join(filter(None, [session.room, workshop.venue]))),
            "performer": [named("Person", speaker) for speaker in session.speakers.all()],
            "superEvent": named("Event", workshop, startDate=workshop.starts_on.isoformat()),
        },
    )  # fmt: skip


def _place(name):
    return {"@type": "Place", "name": name} if name else None


def _feed(workshop):
    return reverse("workshops:workshop_feed", args=[workshop.slug])

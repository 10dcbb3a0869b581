"""Events in words: "published revision 3 of". The thing itself follows as a link."""

PHRASES = {
    "person.joined": "joined Daylight:",
    "person.changed": "changed the profile of",
    "person.affiliation_stated": "stated an affiliation ({organisation}):",
    "person.affiliation_dropped": "took back an affiliation ({organisation}):",
    "token.issued": "issued a token ({name}, {scope}) for",
    "token.revoked": "revoked a token ({name}) of",
    "lab.registered": "registered",
    "lab.changed": "changed the description of",
    "lab.invited": "invited somebody ({role}) to",
    "lab.invitation_withdrawn": "withdrew an invitation to",
    "lab.joined": "became {role} of",
    "lab.left": "ended the membership of {person} in",
    "lab.role_changed": "made {person} {role} of",
    "lab.domain_claimed": "began to prove {domain} for",
    "lab.domain_proved": "proved {domain} for",
    "release.begun": "began a draft of",
    "release.card_attached": "attached a model card to the draft of",
    "release.samples_attached": "put samples on the draft of",
    "release.published": "published revision {revision} of",
    "norm.published": "published version {version} of",
    "norm.declared": "declared “{stance_words}” of {release_title} about",
    "run.requested": "asked for the analysis",
    "run.succeeded": "finished the analysis",
    "run.failed": "could not finish the analysis",
    "run.cancelled": "cancelled the analysis",
    "thread.started": "began the discussion",
    "comment.posted": "wrote #{number} in",
    "comment.edited": "edited #{number} in",
    "comment.retracted": "retracted #{number} in",
    "disclosure.corrected": "corrected the disclosure on #{number} in",
    "vote.cast": "voted “{side}” on #{number} in",
    "vote.withdrawn": "took back the vote “{side}” on #{number} in",
    "concern.opened": "opened the concern",
    "concern.answered": "answered the concern",
    "concern.accepted": "accepted the answer to",
    "concern.dissent_kept": "kept the dissent in",
    "concern.reopened": "found no answer to",
    "concern.withdrawn": "withdrew the concern",
    "concern.signed": "co-signed",
    "concern.signature_withdrawn": "no longer co-signs",
    "concern.became_open_call": "made an open call, as the last independent co-signer it needed, of",
    "moderation.hid": "took from view, under {rule}, {what}",
    "moderation.locked": "locked, under {rule},",
    "moderation.moved": "moved, under {rule},",
    "moderation.slowed": "slowed down, under {rule},",
    "moderation.suspended": "suspended, under {rule},",
    "moderation.proposed": "proposed to erase, under {rule}, {what}",
    "moderation.refused": "refused to erase {what}",
    "moderation.removed": "confirmed to erase, under {rule}, {what}",
    "moderation.restored": "took back a decision about {what}",
    "moderation.upheld": "upheld, on appeal, a decision about {what}",
    "moderation.overturned": "overturned, on appeal, a decision about {what}",
    "moderation.appealed": "appealed against a decision about",
    "moderation.reported": "reported something to moderators, as",
    "moderation.declined": "answered reports on",
    "moderation.released": "read, and posted, what was held of",
    "moderation.held_declined": "read, and did not post, what was held of",
    "comment.held": "wrote something that waits for a moderator, as",
    "summary.written": "summed up #{first} to #{last} of",
    "summary.called_fair": "called the summary fair to a position in",
    "summary.no_longer_called_fair": "no longer calls the summary fair to a position in",
    "workshop.opened": "opened",
    "session.added": "put on the programme:",
    "session.changed": "changed the session",
}
STANCES = {
    "adheres": "follows", "partly": "follows in part", "does_not": "departs", "not_applicable": "does not apply",
    "planned": "planned", "no_assertion": "not stated",
}  # fmt: skip
NOBODY = "The worker"


class _Words(dict):
    def __missing__(self, key):
        return "…"


def in_words(event):
    """The predicate of an event's sentence; an unknown verb is shown as itself, so that nothing is left out."""
    words = _Words({k: v for k, v in event.data.items() if isinstance(v, str | int)})
    words["stance_words"] = STANCES.get(event.data.get("stance"), "")
    template = PHRASES.get(event.verb)
    return template.format_map(words) if template else event.verb.replace(".", " ").replace("_", " ") + ":"

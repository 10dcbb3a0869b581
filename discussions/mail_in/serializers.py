"""One's own mails as JSON."""

from rest_framework import serializers

from .models import IncomingMail

STATES = [choice for choice in IncomingMail.State.choices if choice[0] not in {"received", "ignored", "done"}]


class IncomingMailSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    state = serializers.ChoiceField(choices=STATES)
    kind = serializers.ChoiceField(
        choices=["reply", "thread", "letter"], help_text="What it becomes where it is posted."
    )
    about = serializers.CharField(source="about.ref", default=None, allow_null=True)
    parent = serializers.IntegerField(source="parent_id", allow_null=True, help_text="The comment that it answers.")
    visibility = serializers.CharField(help_text="Of a letter: public, dated or private.")
    public_on = serializers.DateField(allow_null=True)
    title = serializers.CharField()
    body = serializers.CharField(help_text="Markdown; empty once it is posted.")
    cut = serializers.CharField(help_text="Quotations, signatures and what a program added; nobody else sees it.")
    left_out = serializers.ListField(child=serializers.CharField(), help_text="Names of what was attached.")
    masked = serializers.BooleanField(help_text="Whether addresses were left out of the text.")
    reason = serializers.CharField(help_text="Why it was not posted.")
    from_address = serializers.CharField()
    received_at = serializers.DateTimeField()
    comment = serializers.IntegerField(source="comment_id", allow_null=True)
    path = serializers.CharField(help_text="The page of what it became.")

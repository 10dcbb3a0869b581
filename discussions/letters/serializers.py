"""Letters as JSON: what everybody may know of one, and the rest for those who read it."""

from datetime import date

from django.utils.dateparse import parse_date, parse_datetime
from rest_framework import serializers

from discussions.moderation import rulebook
from registry.core.api import StrictSerializer
from registry.core.markdown import MAX_CHARACTERS

from .feeds import sender_shown
from .models import MAX_REASON, Category, LabLetter, LetterProposal, Visibility
from .reporting import MOST
from .wording import title_for

Side = LabLetter.Side


def read_day_or_moment(text):
    """The day or time that a text names."""
    try:
        found = parse_date(text) or parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise serializers.ValidationError("Write a day as 2027-01-31 or a time as 2027-01-31T09:00:00Z.")
    return found


class LetterInput(StrictSerializer):
    subject = serializers.CharField(max_length=200, help_text="Such as release:openai/gpt-2.")
    title = serializers.CharField(max_length=200)
    body = serializers.CharField(max_length=MAX_CHARACTERS, trim_whitespace=False, help_text="Markdown.")
    category = serializers.ChoiceField(choices=Category.choices, default=Category.FEEDBACK)
    visibility = serializers.ChoiceField(
        choices=Visibility.choices, required=False, help_text="public (now), dated, or private; not of an old letter."
    )
    public_on = serializers.CharField(
        max_length=40, required=False,
        help_text="Of a dated letter: a day, which means nine in the morning in the sender's zone, or a time.",
    )  # fmt: skip
    named = serializers.BooleanField(default=False, help_text="Whether its sender is named while it waits.")
    written_on = serializers.DateField(
        required=False, help_text="Of a letter that was written elsewhere: the day. The other side must consent."
    )
    written_by = serializers.ChoiceField(choices=Side.choices, required=False, help_text="Which side wrote it.")
    person = serializers.CharField(
        max_length=39, required=False, help_text="Of an old letter entered for the lab: the other side's handle."
    )

    def validate_public_on(self, value):
        return read_day_or_moment(value)


class DateInput(StrictSerializer):
    public_on = serializers.CharField(max_length=40, help_text="A day, or a time with its zone.")

    def validate_public_on(self, value):
        return read_day_or_moment(value)


class MessageInput(StrictSerializer):
    body = serializers.CharField(max_length=MAX_CHARACTERS, trim_whitespace=False, help_text="Markdown.")
    official = serializers.BooleanField(default=False, help_text="Whether it is the lab's official response.")


class ProposalInput(StrictSerializer):
    scope = serializers.ChoiceField(choices=LetterProposal.Scope.choices, default=LetterProposal.Scope.EXCHANGE)


class RefusalInput(StrictSerializer):
    reason = serializers.CharField(max_length=MAX_REASON, help_text="Those who read the letter read it.")


class LetterReportInput(StrictSerializer):
    rule = serializers.ChoiceField(choices=rulebook.CHOICES)
    text = serializers.CharField(max_length=MOST, required=False, allow_blank=True, default="")


class DateChangeSerializer(serializers.Serializer):
    before = serializers.DateTimeField()
    after = serializers.DateTimeField()
    at = serializers.DateTimeField()


class MessageSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    letter = serializers.IntegerField(source="letter_id")
    author = serializers.CharField(source="author.handle")
    disclosure = serializers.DictField(help_text="Name, affiliations, interests and ties when it was written.")
    official_for = serializers.CharField(source="official_for.slug", default=None, allow_null=True)
    body = serializers.CharField(help_text="Empty once it stands in the discussion.")
    html = serializers.CharField()
    as_of = serializers.CharField()
    sent_at = serializers.DateTimeField()


class ProposalSerializer(serializers.Serializer):
    letter = serializers.IntegerField(source="letter_id")
    scope = serializers.ChoiceField(choices=LetterProposal.Scope.choices)
    side = serializers.ChoiceField(choices=Side.choices, help_text="Which side proposed it.")
    by = serializers.CharField(source="by.handle")
    at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=LetterProposal.State.choices)
    answered_by = serializers.CharField(source="answered_by.handle", default=None, allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()


class LetterSerializer(serializers.Serializer):
    """`readable` in the context: the keys of the letters whose words this reader may have."""

    id = serializers.IntegerField(source="pk")
    url = serializers.CharField(source="get_absolute_url")
    subject = serializers.CharField(source="about.ref", help_text="What it is about, such as release:openai/gpt-2.")
    lab = serializers.CharField(source="lab.slug")
    category = serializers.ChoiceField(choices=Category.choices)
    visibility = serializers.ChoiceField(choices=Visibility.choices)
    state = serializers.ChoiceField(choices=LabLetter.State.choices)
    title = serializers.SerializerMethodField(help_text="Its own for those who read it, and for all once it is public.")
    sent_at = serializers.DateTimeField()
    opens_at = serializers.DateTimeField(allow_null=True, help_text="When a dated one becomes public.")
    promised_at = serializers.DateTimeField(allow_null=True, help_text="When that was promised first.")
    date_changes = DateChangeSerializer(many=True, source="date_changes.all")
    thread = serializers.SerializerMethodField(help_text="The discussion that it became.")
    sender = serializers.SerializerMethodField(help_text="A handle; null where this reader is not to know.")
    body = serializers.SerializerMethodField(help_text="Null for whoever does not read it, and once it is public.")
    html = serializers.SerializerMethodField()
    disclosure = serializers.SerializerMethodField(help_text="Of its sender, when it was sent.")
    written_on = serializers.SerializerMethodField(help_text="Of a letter that was written elsewhere: the day.")
    written_by = serializers.SerializerMethodField(help_text="Of such a letter: sender or lab.")

    def _reads(self, letter):
        return letter.pk in self.context["readable"]

    def _for_readers(self, letter, value):
        return value if self._reads(letter) and letter.state != LabLetter.State.PUBLIC else None

    def get_title(self, letter) -> str:
        return title_for(letter, self._reads(letter))

    def get_thread(self, letter) -> int | None:
        return letter.thread_id if letter.thread_id and not letter.thread.hidden else None

    def get_sender(self, letter) -> str | None:
        who = letter.sender if self._reads(letter) else sender_shown(letter)
        return who.handle if who else None

    def get_body(self, letter) -> str | None:
        return self._for_readers(letter, letter.body)

    def get_html(self, letter) -> str | None:
        return self._for_readers(letter, letter.html)

    def get_disclosure(self, letter) -> dict | None:
        return self._for_readers(letter, letter.disclosure)

    def get_written_on(self, letter) -> date | None:
        return letter.written_on

    def get_written_by(self, letter) -> str | None:
        return letter.written_by if letter.is_old else None

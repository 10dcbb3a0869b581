"""Forms of discussions; what is wrong is said beside the field, and what was typed stays in it."""

from django import forms
from django.utils.functional import cached_property

from registry.core import work
from registry.core.errors import Invalid, Refused
from registry.core.rules import allows

from . import drafts
from .actions import add, edit, hold, retract, start_thread
from .doubles import comment_before, held_before, said_along, thread_before
from .models import MAX_RETRACTION
from .pace import is_new

MARKDOWN = "Markdown: *emphasis*, > quotation, `code`, lists, tables, footnotes, $x^2$ for formulas."


class BodyField(forms.CharField):
    """Markdown, unstripped: spaces at the start of a text can mean something."""

    def __init__(self, **options):
        # The text as such: `validators.clean_body` names the line of a character that cannot be stored.
        super().__init__(strip=False, widget=forms.Textarea(attrs={"rows": 8}), help_text=MARKDOWN, **options)
        self.validators = []
        self.error_messages["required"] = "Write something first."


class WritingForm(forms.Form):
    """Shared by all: the text, and the mark of an official response for those who may set it."""

    body = BodyField(label="Your comment")

    def __init__(self, *args, user, lab=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.lab, self.pseudonyms = user, None, {}
        self.offer_official(lab)

    def offer_official(self, lab):
        """Let somebody who speaks for the lab say that this is its response."""
        if lab is not None:
            self.lab = lab
            words = f"Mark this as the official response of {lab.name}"
            self.fields["official"] = forms.BooleanField(required=False, label=words)

    @cached_property
    def challenge(self):
        """The puzzle that the browser of a new account solves while its person writes; "" for everybody else."""
        return work.challenge_for(self.user) if is_new(self.user) else ""

    def _is_held(self):
        held = is_new(self.user) and not work.is_done(self.user, self.data)
        if held and self.writes_as:
            # A moderator would read it under the person's own name.
            raise Refused("A new account without JavaScript writes under its own name. Your text is kept.")
        return held

    def check_work(self):
        """Refuse a new account whose browser did no work, where there is no place to hold what it wrote."""
        if is_new(self.user) and not work.is_done(self.user, self.data):
            raise Refused(
                "A new account without JavaScript starts a discussion or comments first, which a moderator reads. "
                "Your text is kept."
            )

    def offer_pseudonyms(self, subject):
        """Let somebody who has pseudonyms choose one where they are allowed."""
        if not allows(self.user, "threads.pseudonym", subject):
            return
        self.pseudonyms = {p.persona.handle: p for p in self.user.pseudonyms.select_related("persona").order_by("pk")}
        if self.pseudonyms:
            names = [("", f"{self.user.display_name}, your own name"), *((h, h) for h in self.pseudonyms)]
            self.fields["pseudonym"] = forms.ChoiceField(
                choices=names, required=False, label="Write as",
                help_text="Under a pseudonym, whether you are tied to what is discussed is shown, and no more.",
            )  # fmt: skip

    @property
    def writes_as(self):
        return self.pseudonyms.get(self.cleaned_data.get("pseudonym"))

    @property
    def name(self):
        """The person under whose name it will stand."""
        return self.writes_as.persona if self.writes_as else self.user

    @property
    def official_for(self):
        return self.lab if self.cleaned_data.get("official") else None

    def refuse(self, error):
        """Show what an action refused: beside its field where it names one of ours."""
        if not isinstance(error, Invalid):
            return self.add_error(None, str(error))
        if not hasattr(error, "error_dict"):
            return self.add_error(None, error)
        for field, problems in error.error_dict.items():
            self.add_error(field if field in self.fields else None, problems)


class PassageField(forms.CharField):
    """Words of the subject that a comment speaks of; that they stand there is asked by `passages.find`."""

    def __init__(self):
        super().__init__(
            required=False, label="Passage you speak of", widget=forms.Textarea(attrs={"rows": 2}),
            help_text="Copied from the page of what is discussed. It stands above your comment, and says so when "
            "the text no longer holds it.",
        )  # fmt: skip
        self.validators = []


class ReplyForm(WritingForm):
    passage = PassageField()

    def foresee(self, thread):
        """Ask what `save` will want to know first."""
        self.same = said_along(self.name, self.cleaned_data["body"], thread)

    def save(self, thread, parent):
        """Post it, in the transaction of `redirect_once`."""
        said = self.cleaned_data
        if self._is_held():
            before = held_before(self.user, said["body"], thread.about, thread=thread, parent=parent)
            comment = before or hold(thread.about, said["body"], self.user, thread=thread, parent=parent)
        else:
            more = {"parent": parent, "official_for": self.official_for, "passage": said["passage"]}
            before = comment_before(self.name, said["body"], thread, same=self.same, **more)
            comment = before or add(thread, said["body"], self.user, pseudonym=self.writes_as, **more)
        drafts.forget(self.user, drafts.place_of_reply(thread, parent))
        return comment


class ThreadForm(WritingForm):
    title = forms.CharField(max_length=200, label="Title", help_text="What the discussion is about, in one line.")
    passage = PassageField()
    field_order = ["title", "passage", "body", "official"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].label = "The first comment"
        self.fields["title"].error_messages["required"] = "Give the discussion a title that says what it is about."

    def save(self, subject):
        said = self.cleaned_data
        if self._is_held():
            before = held_before(self.user, said["body"], subject, title=said["title"])
            thread = before or hold(subject, said["body"], self.user, title=said["title"])
        else:
            more = {"official_for": self.official_for, "passage": said["passage"]}
            before = thread_before(self.name, said["title"], said["body"], subject, **more)
            thread = before or start_thread(
                subject, said["title"], said["body"], self.user, pseudonym=self.writes_as, **more
            )
        drafts.forget(self.user, drafts.place_of_new(subject))
        return thread


class EditForm(WritingForm):
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def save(self, comment):
        edit(comment, self.cleaned_data["body"], self.user, self.cleaned_data["version"])
        drafts.forget(self.user, drafts.place_of_edit(comment))
        return comment


class RetractForm(WritingForm):
    body = None
    reason = forms.CharField(
        max_length=MAX_RETRACTION, label="Why you take it back",
        help_text="One sentence, such as what turned out to be wrong. It stands beside the comment for everyone.",
    )  # fmt: skip

    def save(self, comment):
        return retract(comment, self.user, self.cleaned_data["reason"])

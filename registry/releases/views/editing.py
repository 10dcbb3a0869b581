"""Pages for whoever writes an entry: begin it, fill in its sheets, put a model card on it."""

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.core.files.base import ContentFile
from django.db.models import Q
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from registry.core.canonical import digest
from registry.core.errors import Conflict, Invalid, Stale
from registry.core.files import store_file
from registry.core.forms import show_refusal
from registry.core.idempotency import redirect_once
from registry.core.rules import require
from registry.core.typed import sign_in_first, typed_before
from registry.labs.models import Lab, Membership

from ..actions import attach_card, save_draft
from ..checking import problems_for_publication, validate
from ..conflict import choices, merge
from ..content import normalise
from ..forms import EntrySheet, NewEntryForm, StageSheet
from ..models import Entry
from ..pointers import address, in_words
from ..vocabulary import AHEAD
from .reading import find

# What the page of a conflict never sends by itself.
NO_PART = {"type", "required", "too_many", "too_large", "encoding", "unknown_field"}
SPEAKERS = [Membership.Role.OWNER, Membership.Role.EDITOR]


@sign_in_first
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """Begin a draft for a lab that one may speak for, or curate one about the lab that the address names."""
    named = (request.POST.get("lab") or request.GET.get("lab", ""))[:60]
    labs = labs_to_write_for(request.user, named)
    if not labs.exists():
        return render(request, "releases/no_lab.html")
    initial = typed_before(request, {"lab": named})
    form = NewEntryForm(request.POST or None, user=request.user, labs=labs, initial=initial)
    if form.is_valid() and (done := _begun(request, form)):
        return done
    return render(request, "releases/new.html", {"form": form})


def labs_to_write_for(user, named=""):
    """Labs that a person speaks for; the one that is named, and for moderators all, where they do not belong to it."""
    theirs = Membership.objects.filter(user=user)
    offered = Q(pk__in=theirs.filter(role__in=SPEAKERS).values("lab"))
    curated = ~Q(pk__in=theirs.values("lab"))
    offered |= curated if user.is_moderator else curated & Q(slug=named)
    return Lab.objects.filter(offered).order_by("name")


class NotDone(Exception):
    """Leaves a once-only act without storing an answer for it."""


def _begun(request, form):
    def act():
        entry = form.save()
        if entry is None:
            raise NotDone
        return reverse("releases:edit", args=[entry.lab.slug, entry.slug])

    try:
        return redirect_once(request, act)
    except Conflict as problem:
        show_refusal(form, problem)
    except NotDone:
        pass
    return None


def editable(request, lab, slug, *, current=False):
    """The entry, 404 to those who may not see it, 403 to those who may see it but not change it."""
    entry = find(request, lab, slug, current=current)
    require(request.user, "releases.edit", entry)
    return entry


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, lab, slug):
    """Everything of a draft but its stages on one page; half a draft is a good draft."""
    entry = editable(request, lab, slug)
    draft = normalise(entry.draft)

    def put(part, saved):
        elsewhere = {name: value for name, value in saved.items() if name not in EntrySheet.part(saved)}
        return elsewhere | part

    desk = Desk(request, entry, EntrySheet, EntrySheet.part, EntrySheet.written_into, put=put)
    if request.method == "POST":
        saved = desk.save("releases/edit.html", _after_edit)
        if "card" in request.POST and saved.status_code == 302:
            return _card_put(request, entry, draft_saved=True)
        return saved
    return desk.show("releases/edit.html", EntrySheet.of(draft, add=request.GET.get("add", "")))


def _after_edit(request, entry):
    """Where the pressed button leads: a further row, a stage, the last step, or back to the sheet."""
    key, add = [entry.lab.slug, entry.slug], request.POST.get("add", "")
    if add == "stages":
        draft = entry.draft | {"stages": [*entry.draft["stages"], {}]}
        save_draft(entry, draft, by=request.user, version=entry.draft_version, unfinished=True)
        return reverse("releases:edit_stage", args=[*key, len(entry.draft["stages"])])
    if add in EntrySheet.groups:
        return reverse("releases:edit", args=key) + f"?add={add}#{add}"
    return _further(request, entry) or reverse("releases:edit", args=key)


def _further(request, entry):
    key = [entry.lab.slug, entry.slug]
    places = {"publish": "releases:publish", "detail": "releases:detail", "edit": "releases:edit"}
    place = places.get(request.POST.get("then"))
    return reverse(place, args=key) if place else ""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def stage(request, lab, slug, number):
    """One stage of a draft: when, why, and which components changed their level."""
    entry = editable(request, lab, slug)
    draft = normalise(entry.draft)
    if not 1 <= number <= len(draft["stages"]):
        raise Http404("This draft has no such stage.")

    def part(content):
        return content["stages"][number - 1] if number <= len(content["stages"]) else {}

    def write(sheet, saved):
        return put(*([] if "remove" in request.POST else [sheet.written_as_stage()]), saved=saved)

    def put(*stage, saved):
        kept = list(saved["stages"])
        kept[number - 1 : number] = stage
        return saved | {"stages": kept}

    desk = Desk(
        request, entry, StageSheet, part, write, put=lambda stage, saved: put(stage, saved=saved),
        under=f"/stages/{number - 1}", number=number,
    )  # fmt: skip
    if request.method == "POST":
        return desk.save("releases/edit_stage.html", _after_stage(number))
    return desk.show("releases/edit_stage.html", StageSheet.of(part(draft), add=request.GET.get("add", "")))


def _after_stage(number):
    def place(request, entry):
        key = [entry.lab.slug, entry.slug]
        if "remove" in request.POST:
            messages.success(request, f"Stage {number} was removed from the draft.")
            return reverse("releases:edit", args=key) + "#stages"
        here = reverse("releases:edit_stage", args=[*key, number])
        if request.POST.get("add") == "components":
            return f"{here}?add=components#components"
        return _further(request, entry) or here

    return place


class Desk:
    """What the two editing pages share: showing a sheet, saving it, and two people at it at once.

    `part` takes from a content what the sheet edits, `write` puts the sheet into a content, `put` such a part. The
    version on the page names the draft and that part: who saved another part meanwhile is in nobody's way.
    """

    def __init__(self, request, entry, sheet_class, part, write, *, put, under="", number=None):
        self.request, self.entry, self.sheet_class, self.put = request, entry, sheet_class, put
        self.part, self.write, self.under, self.number = part, write, under, number

    def version(self):
        draft = normalise(self.entry.draft)
        return f"{self.entry.draft_version}.{digest(self.part(draft))[7:19]}"

    def show(self, template, sheet, *, problems=None, status=200, **more):
        draft = normalise(self.entry.draft)
        if problems is None:
            problems = [(p.pointer, p.detail) for p in validate(draft)]
        elsewhere = sheet.show(problems, under=self.under)
        missing = problems_for_publication(draft) if not validate(draft) else []
        context = {
            "entry": self.entry, "sheet": sheet, "version": self.version(), "number": self.number, "draft": draft,
            "elsewhere": [(in_words(p), d, address(self.entry, p)) for p, d in elsewhere if p != ""],
            "missing": [(in_words(p.pointer), p.detail, address(self.entry, p.pointer)) for p in missing],
            "plans": [stage for stage in draft["stages"] if stage.get("key") and stage["status"] in AHEAD],
            "stage_count": len(draft["stages"]), "text": self.request.POST.get("text", ""), **more,
        }  # fmt: skip
        return render(self.request, template, context, status=status)

    def save(self, template, onwards):
        """Keep what was typed; where that cannot be done, show it again with the reasons."""
        if "mine" in self.request.POST:
            return self._resolve(onwards)
        sheet = self.sheet_class(self.request.POST)
        if not sheet.is_valid():
            return self._refuse(template, sheet, [])
        saved = normalise(self.entry.draft)
        written = self.write(sheet, saved)
        try:
            self._check_version(saved)
            save_draft(self.entry, written, by=self.request.user, version=self.entry.draft_version, unfinished=True)
        except Stale as problem:
            return self._conflict(str(problem), lambda saved: self.write(sheet, saved))
        except Invalid as problem:
            return self._refuse(template, sheet, _pointed(problem))
        if self.is_autosave:
            at = self.entry.draft_saved_at.isoformat(timespec="milliseconds")
            return JsonResponse({"saved_at": at, "version": self.version()})
        place = onwards(self.request, self.entry)
        if not {"add", "remove", "card"} & set(self.request.POST):
            messages.success(self.request, "The draft is saved. Nobody outside the lab can see it.")
        return HttpResponseRedirect(place)

    @property
    def is_autosave(self):
        return self.request.headers.get("X-Autosave") == "1"

    def _check_version(self, saved):
        version, _, base = self.request.POST.get("version", "").partition(".")
        same_part = base == digest(self.part(saved))[7:19]
        if version != str(self.entry.draft_version) and not same_part:
            raise Stale(_who(self.entry))

    def _refuse(self, template, sheet, problems):
        if self.is_autosave:
            return JsonResponse({"errors": [{"pointer": p, "detail": d} for p, d in problems]}, status=400)
        return self.show(template, sheet, problems=problems, refused=True)

    def _conflict(self, said, written):
        """Both texts side by side; nothing is stored until it is chosen, field by field, what becomes of them."""
        if self.is_autosave:
            return JsonResponse({"detail": said, "version": self.version()}, status=412)
        saved = self._saved_again()
        mine = self.part(normalise(written(saved)))
        found = choices(self.part(saved), mine)
        if not found:
            messages.info(self.request, f"{said} You both wrote the same.")
            return HttpResponseRedirect(self.request.path)
        context = {
            "entry": self.entry, "conflict": said, "version": self.version(), "number": self.number,
            "choices": found, "mine": json.dumps(mine, ensure_ascii=False),
        }  # fmt: skip
        return render(self.request, "releases/conflict.html", context, status=409)

    def _saved_again(self):
        """The draft as it is now, with as many stages as the page needs."""
        self.entry = Entry.objects.with_lab().select_related("draft_saved_by").get(pk=self.entry.pk)
        saved = normalise(self.entry.draft)
        if self.number and self.number > len(saved["stages"]):
            saved = normalise(saved | {"stages": saved["stages"] + [{}] * (self.number - len(saved["stages"]))})
        return saved

    def _resolve(self, onwards):
        """Save what was chosen; whoever saved yet another text meanwhile brings both back to the screen."""
        saved = self._saved_again()
        mine = self._mine(saved)
        if self.request.POST.get("version", "").partition(".")[0] != str(self.entry.draft_version):
            return self._conflict(_who(self.entry), lambda saved: self.put(mine, saved))
        part = merge(self.part(saved), mine, lambda choice: self.request.POST.get(choice.pointer, choice.first))
        try:
            save_draft(
                self.entry, self.put(part, saved), by=self.request.user, version=self.entry.draft_version,
                unfinished=True,
            )  # fmt: skip
        except Stale as problem:
            return self._conflict(str(problem), lambda saved: self.put(mine, saved))
        messages.success(self.request, "The draft is saved as you chose. Nobody outside the lab can see it.")
        return HttpResponseRedirect(onwards(self.request, self.entry))

    def _mine(self, saved):
        """The part that the page of a conflict sent back; whatever is no such part is refused."""
        try:
            sent = json.loads(self.request.POST["mine"])
        except ValueError:
            sent = None
        content = normalise(self.put(sent, saved)) if isinstance(sent, dict) else {}
        if not content or any(p.code in NO_PART for p in validate(content)):
            raise BadRequest("This page cannot be read any more. Open the draft again.")
        return self.part(content)


def _who(entry):
    who = entry.draft_saved_by.display_name if entry.draft_saved_by else "Somebody"
    return f"{who} saved this draft while you were writing."


def _pointed(problem):
    """The problems of an `Invalid` as (pointer, sentence)."""
    found = problem.error_dict if hasattr(problem, "error_dict") else {"": problem.error_list}
    return [
        ("" if pointer == "__all__" else pointer, " ".join(error.messages))
        for pointer, errors in found.items()
        for error in errors
    ]


@login_required
@require_POST
def card(request, lab, slug):
    """Put a model card on the draft, uploaded or pasted, or take it off."""
    return _card_put(request, editable(request, lab, slug))


def _card_put(request, entry, **more):
    back = reverse("releases:edit", args=[entry.lab.slug, entry.slug]) + "#model-card"
    try:
        if request.POST.get("card") == "remove":
            attach_card(entry, None, by=request.user)
            messages.success(request, "The model card was taken off the draft.")
            return HttpResponseRedirect(back)
        upload = request.FILES.get("file") or _pasted(request.POST.get("text", ""))
        attach_card(entry, store_file(upload, kind="model_card", by=request.user), by=request.user)
    except (Invalid, Conflict) as problem:
        said = " ".join(problem.messages) if isinstance(problem, Invalid) else str(problem)
        context = {"entry": entry, "said": said, "text": request.POST.get("text", ""), **more}
        return render(request, "releases/edit_card.html", context)
    messages.success(request, "The model card is on the draft. Its analysis stands beside it, here below.")
    return HttpResponseRedirect(back)


def _pasted(text):
    if not text.strip():
        raise Invalid("Choose a file or paste the text of the card.", "file")
    return ContentFile(text.replace("\r\n", "\n").encode(), name="card.md")

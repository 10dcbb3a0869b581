"""How every form of the site is drawn: label, help, error and field, in that order; and how refusals reach it."""

from django.core.exceptions import ValidationError
from django.forms.renderers import DjangoTemplates


class DaylightRenderer(DjangoTemplates):
    """Draw forms from `registry/templates/forms/`: a summary of errors first, then one group per field."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    formset_template_name = "forms/formset.html"


def show_refusal(form, problem):
    """Put what an action refused beside the field it speaks of; what has no field of this form goes on top."""
    if isinstance(problem, ValidationError) and hasattr(problem, "error_dict"):
        for place, errors in problem.error_dict.items():
            name = place.strip("/").split("/")[0]
            form.add_error(name if name in form.fields else None, errors)
    else:
        form.add_error(None, problem if isinstance(problem, ValidationError) else str(problem))

"""Who decides about a mail: the person in whose name it would be posted."""

from registry.core.rules import rule


@rule("mail_in.settle", refusal="Only the person in whose name this mail came can say what becomes of it.")
def is_own(user, mail):
    return user.is_authenticated and mail.person_id == user.pk

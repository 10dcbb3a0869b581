"""Issue an API token from the command line."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from registry.accounts.actions import issue_token
from registry.accounts.models import ApiToken, User


class Command(BaseCommand):
    help = "Issue an API token for a person; it is printed once and cannot be shown again."

    def add_arguments(self, parser):
        parser.add_argument("handle")
        parser.add_argument("--scope", choices=ApiToken.Scope.values, default="read")
        parser.add_argument("--days", type=int, default=90)
        parser.add_argument("--name", default="issued by the operator")

    def handle(self, handle, **options):
        user = User.objects.filter(handle=handle.lower()).first()
        if user is None:
            raise CommandError(f"There is nobody with the handle {handle}.")
        try:
            _, token = issue_token(user, name=options["name"], scope=options["scope"], days=options["days"])
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from None
        self.stdout.write(token)

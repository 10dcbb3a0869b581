"""Make a person from the command line."""

import secrets
import sys

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from registry.accounts.actions import join
from registry.core.errors import Conflict


class Command(BaseCommand):
    help = "Make a person who can sign in; prints a password where none is given on standard input."

    def add_arguments(self, parser):
        parser.add_argument("handle")
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="the name shown; the handle where left out")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
        parser.add_argument("--moderator", action="store_true", help="publishes norms, opens workshops, curates")
        parser.add_argument(
            "--admin", action="store_true", help="a moderator who is also marked as the site's administrator"
        )

    @transaction.atomic
    def handle(self, handle, email, **options):
        password = sys.stdin.readline().rstrip("\n") if options["password_stdin"] else secrets.token_urlsafe(12)
        try:
            validate_email(email)
            user = join(handle, email, password=password, display_name=options["name"], check_password=True)
        except (ValidationError, Conflict) as problem:
            raise CommandError(" ".join(getattr(problem, "messages", [str(problem)]))) from None
        user.is_moderator, user.is_staff = options["moderator"] or options["admin"], options["admin"]
        user.save(update_fields=["is_moderator", "is_staff"])
        user.emailaddress_set.create(email=email, verified=True, primary=True)
        self.stdout.write(f"{user.handle} can sign in.")
        if not options["password_stdin"]:
            self.stdout.write(f"Password: {password}")

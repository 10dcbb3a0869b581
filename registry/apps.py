"""The registry as a Django app: rules and receivers are made known when it is ready; tasks only to the worker."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import pre_migrate
from django.forms import Field

from registry.core.upgrading import refuse_halfway

SLICES = [
    "core", "history", "accounts", "labs", "releases", "facts", "claims", "replications", "clock", "promises",
    "samples", "intents", "access", "norms", "analyses", "search",
]  # fmt: skip


class RegistryConfig(AppConfig):
    name = "registry"
    verbose_name = "Registry"

    def ready(self):
        # For every form, those of django-allauth among them: what to do rather than what is wrong.
        Field.default_error_messages["required"] = "Fill this in."
        make_known("registry", SLICES)
        pre_migrate.connect(refuse_halfway, sender=self)


def make_known(package, slices):
    """Import the modules that register something by being imported, where a slice has them."""
    for name in slices:
        for module in ("rules", "receivers"):
            path = f"{package}.{name}.{module}"
            try:
                import_module(path)
            except ModuleNotFoundError as missing:
                if missing.name != path:
                    raise

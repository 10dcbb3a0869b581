"""Many models made by one migration."""

from django.db import migrations


class CreateModels(migrations.SeparateDatabaseAndState):
    """Create all models of these operations, as they are after the last of them.

    Django draws up the whole state anew for each `CreateModel`, which takes longer than all else of a first start.
    """

    def __init__(self, operations):
        super().__init__(state_operations=operations)

    def deconstruct(self):
        return type(self).__name__, [self.state_operations], {}

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)  # what is drawn up would be kept up to date at every step
        super().state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for model in self._models(app_label, to_state):
            schema_editor.create_model(model)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for model in reversed(self._models(app_label, from_state)):
            schema_editor.delete_model(model)

    def _models(self, app_label, state):
        made = [one.name for one in self.state_operations if isinstance(one, migrations.CreateModel)]
        return [state.apps.get_model(app_label, name) for name in made]

    def describe(self):
        return f"Create {len(self.state_operations)} models"

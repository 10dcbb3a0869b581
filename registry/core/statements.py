"""Statements that nearly every request asks: made by the ORM once per process, and run with other values.

Making one costs more than running it. What it means stays where it belongs, in models and querysets.
"""

import datetime
import functools

from django.db import connection


class Statement:
    """`Statement(lambda pk, name: Thing.objects.filter(pk=pk, name=name).values_list("a", "b"), int, str)`.

    The function is called once, with a mark in the place of each value, so it must not decide anything by a value.
    """

    def __init__(self, make, *kinds):
        self.make, self.kinds = make, kinds

    @functools.cached_property
    def _made(self):
        """The SQL, and for each of its parameters the number of the value that it is, or None and the parameter."""
        marks = [_mark(kind, number) for number, kind in enumerate(self.kinds)]
        sql, params = self.make(*marks).query.sql_with_params()
        places = [(marks.index(param), None) if param in marks else (None, param) for param in params]
        if {number for number, _ in places} - {None} != set(range(len(marks))):
            raise ValueError("Every value must stand in the statement just as it was given.")
        return sql, places

    def rows(self, *values):
        """The rows, as tuples."""
        sql, places = self._made
        with connection.cursor() as cursor:
            cursor.execute(sql, [param if number is None else values[number] for number, param in places])
            return cursor.fetchall()

    def first(self, *values):
        """The first row as a tuple, or None."""
        rows = self.rows(*values)
        return rows[0] if rows else None


class Row(Statement):
    """The same for one row as an instance of `model`: `Row(Thing, lambda pk: Thing.objects.filter(pk=pk), int)`."""

    def __init__(self, model, make, *kinds):
        super().__init__(lambda *values: make(*values).values_list(*self.columns)[:1], *kinds)
        self.model = model

    @functools.cached_property
    def columns(self):
        fields = self.model._meta.concrete_fields
        if any(hasattr(field, "from_db_value") for field in fields):
            raise TypeError(f"{self.model.__name__} has columns that a plain statement does not convert.")
        return [field.attname for field in fields]

    def get(self, *values):
        """The instance, or None."""
        row = self.first(*values)
        return None if row is None else self.model.from_db(connection.alias, self.columns, row)


def insert(instance):
    """Store a new instance as `save` does, by a statement that is made once per process; no signals are sent."""
    sql, fields = _insertion(type(instance))
    values = [field.get_db_prep_save(field.pre_save(instance, add=True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        (instance.pk,) = cursor.fetchone()
    instance._state.adding, instance._state.db = False, connection.alias
    return instance


@functools.cache
def _insertion(model):
    fields = [field for field in model._meta.concrete_fields if not field.primary_key and not field.generated]
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table, key = connection.ops.quote_name(model._meta.db_table), connection.ops.quote_name(model._meta.pk.column)
    return f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(fields))}) RETURNING {key}", fields  # noqa: S608


MARKS = {
    int: lambda number: 2**62 + number,
    str: lambda number: f"\ue000{number}\ue000",
    datetime.date: lambda number: datetime.date.max - datetime.timedelta(number),
}


def _mark(kind, number):
    """A value of a kind that no table has."""
    return MARKS[kind](number)

"""Statements that nearly every request asks: made by the ORM once per process, and run with other values.

Making one costs more than running it. What it means stays where it belongs, in models and querysets.
"""

import datetime
import functools
from collections import namedtuple

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models.query import get_related_populators


def ask(sql, values=()):
    """The rows of a statement that is the same each time, as tuples: soon PostgreSQL has planned it once for all."""
    return connections[DEFAULT_DB_ALIAS].ask(sql, values)


def ask_along(sql, values=()):
    """The same where the answer is not needed yet, or never: in a transaction it is sent with what is asked next, or
    with its end. `rows` of what is returned are the rows."""
    return connections[DEFAULT_DB_ALIAS].ask_along(sql, values)


class Statement:
    """`Statement(lambda pk, name: Thing.objects.filter(pk=pk, name=name).values_list("a", "b"), int, str)`.

    The function is called once, with a mark in the place of each value, so it must not decide anything by a value.
    """

    def __init__(self, make, *kinds):
        self.make, self.kinds = make, kinds

    @functools.cached_property
    def _made(self):
        """The SQL, and for each of its parameters the number of the value that it is.

        What is the same each time is written into the SQL: a plan for any value whatever would use no partial index.
        """
        marks = [_mark(kind, number) for number, kind in enumerate(self.kinds)]
        sql, params = self._compile(self.make(*marks))
        places = [marks.index(param) for param in params if param in marks]
        if set(places) != set(range(len(marks))):
            raise ValueError("Every value must stand in the statement just as it was given.")
        return sql.replace("%%", "%%%%") % tuple("%s" if p in marks else _literal(p) for p in params), places

    def _compile(self, queryset):
        return queryset.query.sql_with_params()

    def rows(self, *values):
        """The rows, as tuples."""
        return ask(*self._with(values))

    def along(self, *values):
        """An answer that will have them: see `ask_along`."""
        return ask_along(*self._with(values))

    def _with(self, values):
        sql, places = self._made
        return sql, [values[number] for number in places]

    def first(self, *values):
        """The first row as a tuple, or None."""
        rows = self.rows(*values)
        return rows[0] if rows else None


class Instances(Statement):
    """The same for a queryset of instances, with whatever it selects along, defers and annotates."""

    def _compile(self, queryset):
        self.compiler = queryset.query.get_compiler(connection.alias)
        made = self.compiler.as_sql()
        self.converters = self.compiler.get_converters([column for column, *_ in self.compiler.select])
        info, columns = self.compiler.klass_info, self.compiler.select
        self.model, own = info["model"], info["select_fields"]
        self.own = slice(own[0], own[-1] + 1)
        self.names = [column.target.attname for column, *_ in columns[self.own]]
        self.populators = get_related_populators(info, columns, connection.alias)
        return made

    def all(self, *values):
        """The instances, as a list: what the queryset's own iteration would give."""
        return self.made(self.rows(*values))

    def made(self, rows):
        """The instances of rows that were asked for before."""
        return [self._instance(row) for row in self.compiler.apply_converters(rows, self.converters)]

    def get(self, *values):
        """The first instance, or None."""
        found = self.all(*values)
        return found[0] if found else None

    def _instance(self, row):
        instance = self.model.from_db(connection.alias, self.names, row[self.own])
        for populator in self.populators:
            populator.populate(row, instance)
        for name, place in self.compiler.annotation_col_map.items():
            setattr(instance, name, row[place])
        return instance


class Named(Statement):
    """The same for a queryset of named tuples."""

    def _compile(self, queryset):
        self.row = namedtuple("Row", queryset._fields)
        return super()._compile(queryset)

    def all(self, *values):
        """The rows, as named tuples."""
        rows = self.rows(*values)
        return [self.row._make(row) for row in rows]


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
    there = connections[DEFAULT_DB_ALIAS]
    values = [field.get_db_prep_save(field.pre_save(instance, add=True), there) for field in fields]
    [(instance.pk,)] = there.ask(sql, values)
    instance._state.adding, instance._state.db = False, there.alias
    return instance


def insert_along(instance):
    """The same for an instance whose key is known already, sent as by `ask_along`."""
    sql, fields = _insertion(type(instance), keyed=True)
    there = connections[DEFAULT_DB_ALIAS]
    there.ask_along(sql, [field.get_db_prep_save(field.pre_save(instance, add=True), there) for field in fields])
    instance._state.adding, instance._state.db = False, there.alias
    return instance


def update_along(instance, names):
    """Store some fields of an instance as `save` does, sent as by `ask_along`; `names` is a tuple, no signals are
    sent."""
    sql, fields = _change(type(instance), names)
    there = connections[DEFAULT_DB_ALIAS]
    values = [field.get_db_prep_save(field.pre_save(instance, add=False), there) for field in fields]
    there.ask_along(sql, [*values, instance.pk])


@functools.cache
def _change(model, names):
    fields, name = [model._meta.get_field(one) for one in names], connection.ops.quote_name
    said = ", ".join(f"{name(field.column)} = %s" for field in fields)
    key = name(model._meta.pk.column)
    return f"UPDATE {name(model._meta.db_table)} SET {said} WHERE {key} = %s", fields  # noqa: S608 - names of columns


@functools.cache
def _insertion(model, keyed=False):
    made, name = None if keyed else model._meta.auto_field, connection.ops.quote_name
    fields = [field for field in model._meta.concrete_fields if field is not made and not field.generated]
    names, marks = ", ".join(name(field.column) for field in fields), ", ".join(["%s"] * len(fields))
    back = "" if keyed else f" RETURNING {name(model._meta.pk.column)}"
    return f"INSERT INTO {name(model._meta.db_table)} ({names}) VALUES ({marks}){back}", fields  # noqa: S608


MARKS = {
    int: lambda number: 2**62 + number,
    str: lambda number: f"\ue000{number}\ue000",
    datetime.date: lambda number: datetime.date.max - datetime.timedelta(number),
}


def _literal(param):
    return connection.ops.compose_sql("%s", [param]).replace("%", "%%")


def _mark(kind, number):
    """A value of a kind that no table has."""
    return MARKS[kind](number)

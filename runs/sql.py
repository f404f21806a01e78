"""The few statements of the hot path, compiled once per shape instead of once per call.

Django builds the SQL of an `update()` or `bulk_create()` anew every time, which costs several times what the database
needs. These functions keep its fields' conversions and only remember the text. Everything rare goes through the ORM.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Field, Model

Row = TypeVar("Row", bound=Model)
#: Rows per INSERT; SQLite allows 32,766 values in a statement.
INSERT_ROWS = 200


def insert(model: type[Row], rows: Sequence[Row]) -> None:
    """Writes new rows. Generated ids are not read back."""
    for start in range(0, len(rows), INSERT_ROWS):
        batch = rows[start : start + INSERT_ROWS]
        fields = _inserted(model)
        values = [field.get_db_prep_save(getattr(row, field.attname), connection) for row in batch for field in fields]
        with connection.cursor() as cursor:
            cursor.execute(_insert_text(model, len(batch)), values)
        for row in batch:
            row._state.adding = False


def update(model: type[Model], where: Mapping[str, Any], changes: Mapping[str, Any]) -> int:
    """Rows changed. `where` compares columns: a tuple means any of its members."""
    shape = tuple((name, len(value) if isinstance(value, tuple) else 0) for name, value in where.items())
    values = [_prepared(model, name, value) for name, value in changes.items()]
    for name, value in where.items():
        members = value if isinstance(value, tuple) else (value,)
        values += [_prepared(model, name, member) for member in members]
    with connection.cursor() as cursor:
        cursor.execute(_update_text(model, tuple(changes), shape), values)
        return int(cursor.rowcount)


def select(
    model: type[Row],
    where: Mapping[str, Any],
    *,
    between: tuple[str, Any, Any] | None = None,
    deferred: tuple[str, ...] = (),
    lock: bool = False,
) -> list[Row]:
    """Rows whose columns equal `where` (a tuple means any of its members), without the columns `deferred`, in no order.

    `between`: a column, the least value, and the least that is too large.
    """
    shape = tuple((name, len(value) if isinstance(value, tuple) else 0) for name, value in where.items())
    locking = lock and connection.features.has_select_for_update
    text, names, converters = _select(model, shape, between[0] if between else None, deferred, locking)
    values = []
    for name, value in where.items():
        values += [_prepared(model, name, one) for one in (value if isinstance(value, tuple) else (value,))]
    if between is not None:
        values += [_prepared(model, between[0], bound) for bound in between[1:]]
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        found = cursor.fetchall()
    rows = []
    for record in found:
        columns = list(record)
        for index, convert, expression in converters:
            for one in convert:
                columns[index] = one(columns[index], expression, connection)
        rows.append(model.from_db(connection.alias, names, columns))
    return rows


def _prepared(model: type[Model], name: str, value: Any) -> Any:
    return _field(model, name).get_db_prep_save(value, connection)


@cache
def _field(model: type[Model], name: str) -> Field[Any, Any]:
    """The field of a column given as `job`, `job_id` or `pk`."""
    meta = model._meta
    if name == "pk":
        assert meta.pk is not None
        return meta.pk
    return next(field for field in meta.concrete_fields if name in (field.name, field.attname))


@cache
def _inserted(model: type[Model]) -> tuple[Field[Any, Any], ...]:
    return tuple(f for f in model._meta.concrete_fields if f.get_internal_type() != "BigAutoField")


@cache
def _insert_text(model: type[Model], count: int) -> str:
    fields = _inserted(model)
    columns = ", ".join(_quoted(field.column) for field in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    return f"INSERT INTO {_quoted(model._meta.db_table)} ({columns}) VALUES {', '.join([row] * count)}"


@cache
def _update_text(model: type[Model], changed: tuple[str, ...], shape: tuple[tuple[str, int], ...]) -> str:
    columns = ", ".join(f"{_quoted(_field(model, name).column)} = %s" for name in changed)
    return f"UPDATE {_quoted(model._meta.db_table)} SET {columns} WHERE {_where(model, shape)}"


@cache
def _select(
    model: type[Model], shape: tuple[tuple[str, int], ...], between: str | None, deferred: tuple[str, ...], lock: bool
) -> tuple[str, list[str], list[tuple[int, list[Any], Any]]]:
    fields = [field for field in model._meta.concrete_fields if field.name not in deferred]
    expressions = [field.get_col(model._meta.db_table) for field in fields]
    converters = []
    for index, (field, expression) in enumerate(zip(fields, expressions, strict=True)):
        found = [*connection.ops.get_db_converters(expression), *field.get_db_converters(connection)]
        if found:
            converters.append((index, found, expression))
    columns = ", ".join(_quoted(field.column) for field in fields)
    text = f"SELECT {columns} FROM {_quoted(model._meta.db_table)} WHERE {_where(model, shape)}"
    if between is not None:
        column = _quoted(_field(model, between).column)
        text += f" AND {column} >= %s AND {column} < %s"
    return (f"{text} FOR UPDATE" if lock else text), [field.attname for field in fields], converters


def _where(model: type[Model], shape: Iterable[tuple[str, int]]) -> str:
    parts = []
    for name, members in shape:
        column = _quoted(_field(model, name).column)
        parts.append(f"{column} IN ({', '.join(['%s'] * members)})" if members else f"{column} = %s")
    return " AND ".join(parts)


def _quoted(name: str | None) -> str:
    assert name is not None  # concrete fields have columns
    return connection.ops.quote_name(name)

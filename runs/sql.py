"""The few statements of the hot path, compiled once per shape instead of once per call.

Django builds the SQL of an `update()` or `bulk_create()` anew every time, which costs several times what the database
needs. These functions keep its fields' conversions and only remember the text. Everything rare goes through the ORM.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model

Row = TypeVar("Row", bound=Model)
#: Rows per INSERT; SQLite allows 32,766 values in a statement.
INSERT_ROWS = 200
#: Values of these types, in columns of these kinds, go to the database as they are.
_PLAIN_VALUES = frozenset({str, int, bool, type(None)})
_PLAIN_FIELDS = frozenset(
    {
        "BooleanField",
        "CharField",
        "ForeignKey",
        "IntegerField",
        "PositiveBigIntegerField",
        "PositiveIntegerField",
        "TextField",
    }
)

#: A column named in `where`, and how many values it may equal (0: one value, compared directly).
Shape = tuple[tuple[str, int], ...]


def insert(model: type[Row], rows: Sequence[Row]) -> None:
    """Writes new rows. Generated ids are not read back."""
    database = connections[DEFAULT_DB_ALIAS]
    fields = _inserted(model)
    for start in range(0, len(rows), INSERT_ROWS):
        batch = rows[start : start + INSERT_ROWS]
        values = [_prepared(column, getattr(row, column.name), database) for row in batch for column in fields]
        _execute(database, _insert_text(model, len(batch), database.vendor), values)
        for row in batch:
            row._state.adding = False


def update(model: type[Model], where: Mapping[str, Any], changes: Mapping[str, Any]) -> int:
    """Rows changed. `where` compares columns: a tuple means any of its members."""
    database = connections[DEFAULT_DB_ALIAS]
    values = [_prepared(_column(model, name), value, database) for name, value in changes.items()]
    values += _compared(model, where, database)
    text = _update_text(model, tuple(changes), _shape(where), database.vendor)
    return int(_execute(database, text, values).rowcount)


def select(
    model: type[Row],
    where: Mapping[str, Any],
    *,
    between: tuple[str, Any, Any] | None = None,
    newest_by: str | None = None,
    first_by: tuple[str, ...] = (),
    deferred: tuple[str, ...] = (),
    lock: bool = False,
) -> list[Row]:
    """Rows whose columns equal `where` (a tuple means any of its members), without the columns `deferred`, in no order.

    `between`: a column, the least value, and the least that is too large. `newest_by`: of the rows that agree in this
    column, only the one with the highest id. `first_by`: only the first row in the order of these columns.
    """
    database = connections[DEFAULT_DB_ALIAS]
    locking = lock and database.features.has_select_for_update
    range_of = between[0] if between else None
    query = _query(model, _shape(where), range_of, newest_by, first_by, deferred, locking, database.vendor)
    values = _compared(model, where, database)
    if between is not None:
        column = _column(model, between[0])
        values += [_prepared(column, bound, database) for bound in between[1:]]
    rows = []
    for record in _execute(database, query.text, values).fetchall():
        columns = list(record)
        for index, convert, expression in query.converters:
            columns[index] = convert(columns[index], expression, database)
        rows.append(model.from_db(database.alias, query.names, columns))
    return rows


@dataclass(frozen=True)
class _Column:
    field: Field[Any, Any]
    name: str  # the attribute of a row
    plain: bool


@dataclass(frozen=True)
class _Query:
    text: str
    names: list[str]
    converters: list[tuple[int, Any, Any]]


def _execute(database: BaseDatabaseWrapper, text: str, values: Sequence[Any]) -> Any:
    """A cursor after the statement. SQLite is asked directly: what Django does around a statement costs as much."""
    if database.vendor == "sqlite" and not (database.execute_wrappers or database.queries_logged):
        database.ensure_connection()
        database.validate_no_broken_transaction()
        with database.wrap_database_errors:
            return database.connection.execute(text.replace("%s", "?"), values)
    cursor = database.cursor()
    cursor.execute(text, values)
    return cursor


@lru_cache(maxsize=256)
def _moment(value: datetime, vendor: str) -> Any:
    """A time as the database takes it; a transition writes the same one many times."""
    return connections[DEFAULT_DB_ALIAS].ops.adapt_datetimefield_value(value)


def _prepared(column: _Column, value: Any, database: BaseDatabaseWrapper) -> Any:
    if column.plain and type(value) in _PLAIN_VALUES:
        return value
    if type(value) is datetime and column.field.get_internal_type() == "DateTimeField":
        return _moment(value, database.vendor)
    return column.field.get_db_prep_save(value, database)


def _compared(model: type[Model], where: Mapping[str, Any], database: BaseDatabaseWrapper) -> list[Any]:
    values = []
    for name, value in where.items():
        column = _column(model, name)
        values += [_prepared(column, one, database) for one in (value if isinstance(value, tuple) else (value,))]
    return values


def _shape(where: Mapping[str, Any]) -> Shape:
    return tuple((name, len(value) if isinstance(value, tuple) else 0) for name, value in where.items())


@cache
def _column(model: type[Model], name: str) -> _Column:
    """The column given as `job`, `job_id` or `pk`."""
    meta = model._meta
    if name == "pk":
        assert meta.pk is not None
        return _as_column(meta.pk)
    return _as_column(next(field for field in meta.concrete_fields if name in (field.name, field.attname)))


def _as_column(field: Field[Any, Any]) -> _Column:
    return _Column(field, field.attname, field.get_internal_type() in _PLAIN_FIELDS)


@cache
def _inserted(model: type[Model]) -> tuple[_Column, ...]:
    return tuple(_as_column(f) for f in model._meta.concrete_fields if f.get_internal_type() != "BigAutoField")


@cache
def _insert_text(model: type[Model], count: int, vendor: str) -> str:
    columns = _inserted(model)
    names = ", ".join(_quoted(column.field.column) for column in columns)
    row = f"({', '.join(['%s'] * len(columns))})"
    return f"INSERT INTO {_quoted(model._meta.db_table)} ({names}) VALUES {', '.join([row] * count)}"


@cache
def _update_text(model: type[Model], changed: tuple[str, ...], shape: Shape, vendor: str) -> str:
    columns = ", ".join(f"{_quoted(_column(model, name).field.column)} = %s" for name in changed)
    return f"UPDATE {_quoted(model._meta.db_table)} SET {columns} WHERE {_where(model, shape)}"


@cache
def _query(
    model: type[Model],
    shape: Shape,
    between: str | None,
    newest_by: str | None,
    first_by: tuple[str, ...],
    deferred: tuple[str, ...],
    lock: bool,
    vendor: str,
) -> _Query:
    database = connections[DEFAULT_DB_ALIAS]
    fields = [field for field in model._meta.concrete_fields if field.name not in deferred]
    converters = []
    for index, field in enumerate(fields):
        expression = field.get_col(model._meta.db_table)
        found = [*database.ops.get_db_converters(expression), *field.get_db_converters(database)]
        converters += [(index, convert, expression) for convert in found]
    table, columns = _quoted(model._meta.db_table), ", ".join(_quoted(field.column) for field in fields)
    condition = _where(model, shape)
    if between is not None:
        column = _quoted(_column(model, between).field.column)
        condition += f" AND {column} >= %s AND {column} < %s"
    if newest_by is not None:
        key, same = _quoted(_column(model, "pk").field.column), _quoted(_column(model, newest_by).field.column)
        condition = f"{key} IN (SELECT MAX({key}) FROM {table} WHERE {condition} GROUP BY {same})"
    text = f"SELECT {columns} FROM {table} WHERE {condition}"
    if first_by:
        text += f" ORDER BY {', '.join(_quoted(_column(model, name).field.column) for name in first_by)} LIMIT 1"
    return _Query(f"{text} FOR UPDATE" if lock else text, [field.attname for field in fields], converters)


def _where(model: type[Model], shape: Iterable[tuple[str, int]]) -> str:
    parts = []
    for name, members in shape:
        column = _quoted(_column(model, name).field.column)
        parts.append(f"{column} IN ({', '.join(['%s'] * members)})" if members else f"{column} = %s")
    return " AND ".join(parts)


def _quoted(name: str | None) -> str:
    assert name is not None  # concrete fields have columns
    return connections[DEFAULT_DB_ALIAS].ops.quote_name(name)

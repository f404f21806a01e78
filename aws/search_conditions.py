"""What can be searched, and a SearchExpression as a condition of the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

from django.db.models import Q, QuerySet

from aws.call import Call, Document
from aws.errors import invalid
from engine.names import did_you_mean
from registry.models import Tag

MOST_VALUES = 50
_COMPARED = {
    "GreaterThan": "gt",
    "GreaterThanOrEqualTo": "gte",
    "LessThan": "lt",
    "LessThanOrEqualTo": "lte",
}
#: (key, lookup → value) → rows with such a tag.
TagCondition: TypeAlias = Callable[[str, Mapping[str, Any]], Q]


@dataclass(frozen=True, kw_only=True)
class Property:
    """A property that can be searched: the column it stands for, and how a text of the caller becomes its value.

    `sortable` columns are never NULL.
    """

    column: str
    read: Callable[[str], Any] = str
    sortable: bool = False


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One kind of thing that can be searched. `show` makes the records of a page at once."""

    rows: Callable[[Call], QuerySet[Any]]
    properties: Mapping[str, Property]
    arn_column: str  # an annotation of `rows`
    show: Callable[[Call, list[Any]], list[Document]]


def moment(text: str) -> datetime:
    """Epoch seconds or ISO 8601. Raises: ValueError."""
    try:
        return datetime.fromtimestamp(float(text), UTC)
    except ValueError:
        found = datetime.fromisoformat(text)
        return found if found.tzinfo else found.replace(tzinfo=UTC)


def condition(expression: Document, properties: Mapping[str, Property], tag: TagCondition) -> Q:
    """What the rows have to meet.

    Raises:
        AwsError: a property, operator or value that cannot be asked for; nested filters.
    """
    if "NestedFilters" in expression:
        raise invalid(
            "NestedFilters cannot be searched by Clary. Use Filters with one of the properties: "
            f"{', '.join(properties)}, Tags.<key>."
        )
    parts = [_filter(one, properties, tag) for one in expression.get("Filters", ())]
    parts += [condition(one, properties, tag) for one in expression.get("SubExpressions", ())]
    whole = Q()
    for part in parts:
        whole = whole | part if expression.get("Operator") == "Or" else whole & part
    return whole


def known_property(name: str, properties: Mapping[str, Property]) -> Property:
    """Raises: AwsError naming the near match."""
    found = properties.get(name)
    if found is None:
        hint = did_you_mean(name, properties) if len(name) < 80 else ""
        raise invalid(f"{name} is no property that can be searched here.{hint} Known: {', '.join(properties)}.")
    return found


def _filter(given: Document, properties: Mapping[str, Property], tag: TagCondition) -> Q:
    name, operator = given["Name"], given.get("Operator", "Equals")
    if name.startswith("Tags."):
        return _tag_filter(given, operator, tag)
    found = known_property(name, properties)
    column = found.column
    if operator in ("Exists", "NotExists"):
        missing = Q(**{f"{column}__isnull": True}) | (Q(**{column: ""}) if found.read is str else Q())
        return missing if operator == "NotExists" else ~missing
    text = given.get("Value")
    if text is None:
        raise invalid(f"The filter on {name} needs a Value.")
    if operator == "In":
        values = text.split(",")
        if len(values) > MOST_VALUES:
            raise invalid(f"The filter on {name} has {len(values)} values; {MOST_VALUES} are allowed.")
        return Q(**{f"{column}__in": [_value(name, found, one) for one in values]})
    if operator == "Contains":
        if found.read in (moment, int):
            raise invalid(f"Contains cannot be asked of {name}, which is no text.")
        return Q(**{f"{column}__icontains": _value(name, found, text)})
    value = _value(name, found, text)
    if operator in _COMPARED:
        return Q(**{f"{column}__{_COMPARED[operator]}": value})
    equal = Q(**{column: value})
    return equal if operator == "Equals" else ~equal


def _tag_filter(given: Document, operator: str, tag: TagCondition) -> Q:
    key, text = given["Name"].removeprefix("Tags."), given.get("Value")
    if operator in ("Exists", "NotExists"):
        held = tag(key, {})
        return held if operator == "Exists" else ~held
    if text is None:
        raise invalid(f"The filter on Tags.{key} needs a Value.")
    if operator == "In":
        return tag(key, {"value__in": text.split(",")[:MOST_VALUES]})
    if operator == "Contains":
        return tag(key, {"value__icontains": text})
    if operator in _COMPARED:
        return tag(key, {f"value__{_COMPARED[operator]}": text})
    return tag(key, {"value": text}) if operator == "Equals" else ~tag(key, {"value": text})


def _value(name: str, found: Property, text: str) -> Any:
    try:
        return found.read(text)
    except (ValueError, OverflowError, OSError):
        raise invalid(f"The filter on {name} has a value of the wrong type: {text[:80]}") from None


def tags_of(call: Call, wanted: list[str]) -> dict[str, list[Document]]:
    """ARN → its tags; one query."""
    found: dict[str, list[Document]] = {}
    for tag in Tag.objects.filter(workspace=call.actor.workspace, arn__in=wanted).order_by("key"):
        found.setdefault(tag.arn, []).append({"Key": tag.key, "Value": tag.value})
    return found

"""Path pieces that cannot hold anything odd: what does not fit is simply not found."""

from __future__ import annotations

from functools import cache

from django.urls import register_converter


class IdConverter:
    regex = "[a-z0-9]{12}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class NumberConverter:
    """A version number; fits every database's integer."""

    regex = "[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


@cache
def register() -> None:
    """`<id:…>` and `<number:…>` in URL patterns. Every urls module asks for it; the first call counts."""
    register_converter(IdConverter, "id")
    register_converter(NumberConverter, "number")

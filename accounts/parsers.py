"""Reading request bodies."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from accounts.errors import BodyTooLarge
from engine.definition.literals import parse_float, parse_int

#: Definitions and layouts may be 300 levels deep, and a body wraps them in a few more.
DEEPEST = 500


class StrictJSONParser(BaseParser):
    """JSON as the RFC has it: UTF-8, finite numbers, no lone surrogates; too deep or too long is a clear refusal.

    Numbers keep their spelling, as everywhere in a definition.
    """

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        raw = stream.read(settings.API_BODY_BYTES + 1)
        if len(raw) > settings.API_BODY_BYTES:
            raise BodyTooLarge(limit=settings.API_BODY_BYTES)
        try:
            text = raw.decode("utf-8")
            value = json.loads(text, parse_constant=_no_constant, parse_int=parse_int, parse_float=_finite)
            if is_deep(value):
                raise ParseError("The JSON is nested too deeply.")
            if "\\u" in text:
                json.dumps(value, ensure_ascii=False).encode("utf-8")  # finds escaped lone surrogates
        except UnicodeEncodeError:
            raise ParseError("The JSON holds half of a surrogate pair, which is no character.") from None
        except UnicodeDecodeError as wrong:
            raise ParseError(f"The body is not UTF-8 (byte {wrong.start}).") from None
        except RecursionError:
            raise ParseError("The JSON is nested too deeply.") from None
        except ValueError as wrong:
            raise ParseError(f"The body is not JSON: {wrong}.") from None
        return value


class StreamParser(BaseParser):
    """Bytes of any kind, handed on as the stream they come from: an upload is never held in memory."""

    media_type = "*/*"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        return stream


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")


def _finite(spelling: str) -> float:
    value = parse_float(spelling)
    if math.isinf(value):
        raise ValueError(f"{spelling[:40]} is too large a number")
    return value


def is_deep(value: Any) -> bool:
    """Whether whatever walks the value by recursion might run out of stack."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(DEEPEST):
        if not level:
            return False
        members = (member for one in level for member in (one.values() if isinstance(one, dict) else one))
        level = [member for member in members if isinstance(member, dict | list)]
    return bool(level)

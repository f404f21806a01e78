"""Numbers that remember how they were written: 1e5, 1.50 and -0 leave a document as they came."""

from __future__ import annotations


class IntLiteral(int):
    """An int whose JSON text is not Python's own (-0)."""

    text: str

    def __new__(cls, text: str) -> IntLiteral:
        self = super().__new__(cls, text)
        self.text = text
        return self


class FloatLiteral(float):
    """A float whose JSON text is not Python's own (1e5, 1.50, 0.1000000000000000055)."""

    text: str

    def __new__(cls, text: str) -> FloatLiteral:
        self = super().__new__(cls, text)
        self.text = text
        return self


def parse_int(text: str) -> int:
    value = int(text)
    return value if str(value) == text else IntLiteral(text)


def parse_float(text: str) -> float:
    value = float(text)
    return value if repr(value) == text else FloatLiteral(text)

"""Tables of problem codes: what is wrong with a definition, and why a request was refused."""

from __future__ import annotations

import ast
import inspect
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from config import errors
from scripts.reference.markdown import code, sentence, table
from scripts.reference.meanings import MEANINGS

ROOT = Path(__file__).resolve().parents[2]
#: Where definitions and start requests are judged.
SOURCES = (
    "engine/checks",
    "engine/definition",
    "engine/execution/selection.py",
    "engine/steps",
    "engine/validation.py",
    "runs/address_warnings.py",
    "runs/draft_warnings.py",
    "runs/services/checking.py",
)
_MAKERS = frozenset({"error", "warning", "info", "Problem", "_Refused", "_problem", "Misfit", "problem"})
_SEVERITIES = {"warning": "warning", "info": "info"}


def definition_problems() -> str:
    """Every code validation and starting can give.

    Raises:
        ValueError: a code without a meaning, or a meaning without a code.
    """
    found = problem_codes()
    if set(found) != set(MEANINGS):
        missing, spare = sorted(set(found) - set(MEANINGS)), sorted(set(MEANINGS) - set(found))
        raise ValueError(f"scripts/reference/meanings.py: add {missing}, remove {spare}.")
    rows = ((code(name), " or ".join(sorted(found[name])), meaning) for name, meaning in sorted(MEANINGS.items()))
    return table(("Code", "Severity", "What is wrong, and what to do"), rows)


def request_problems() -> str:
    """Every code of an `application/problem+json` answer that the mapping knows."""
    by_code: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for kind, (status, name) in errors.MAPPING.items():
        by_code[name].append((status, _detail(kind, name)))
    rows = [
        (code(name), str(entries[0][0]), next((text for _, text in entries if text), ""))
        for name, entries in by_code.items()
    ]
    rows += [
        (code("bad-request"), "400", "The request cannot be read."),
        (code("internal-error"), "500", "A bug of ours. The log names it by the answer's request_id."),
    ]
    return table(("Code", "Status", "Detail"), sorted(set(rows), key=lambda row: (row[1], row[0])))


def problem_codes() -> dict[str, set[str]]:
    """Code → severities, read from the calls that make problems. Codes put together from parts are resolved."""
    modules = {path: ast.parse(path.read_text(encoding="utf-8")) for path in _files()}
    found: dict[str, set[str]] = defaultdict(set)
    for tree in modules.values():
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef):
                continue
            for call in _calls(function):
                if _called(call) in _MAKERS:
                    for name in _codes(call, function, list(modules.values())):
                        found[name] |= _severity(call, name)
    return found


def _files() -> Iterator[Path]:
    for source in SOURCES:
        path = ROOT / source
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    return (found for found in ast.walk(node) if isinstance(found, ast.Call))


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _codes(call: ast.Call, function: ast.FunctionDef, trees: list[ast.Module]) -> Iterator[str]:
    given = next((keyword.value for keyword in call.keywords if keyword.arg == "code"), None)
    value = given or (call.args[0] if call.args else None)
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.JoinedStr):
        pieces = [piece for piece in value.values if isinstance(piece, ast.FormattedValue)]
        names = [piece.value.id for piece in pieces if isinstance(piece.value, ast.Name)]
        for word in _words_given(function, names[0], trees):
            yield "".join(str(piece.value) if isinstance(piece, ast.Constant) else word for piece in value.values)


def _words_given(function: ast.FunctionDef, parameter: str, trees: list[ast.Module]) -> set[str]:
    """Every text the callers of a function give for one of its positional parameters."""
    position = [argument.arg for argument in function.args.args].index(parameter)
    words = set()
    for tree in trees:
        for call in _calls(tree):
            if _called(call) == function.name and len(call.args) > position:
                value = call.args[position]
                if isinstance(value, ast.Constant):
                    words.add(str(value.value))
    return words


def _severity(call: ast.Call, name: str) -> set[str]:
    maker = _called(call)
    if maker == "Misfit":  # engine/checks/steps.py: only what is missing stops a step that runs here
        return {"error", "warning"} if name == "missing-value" else {"warning"}
    given = next((keyword.value for keyword in call.keywords if keyword.arg == "severity"), None)
    if isinstance(given, ast.Attribute):
        return {given.attr.lower()}
    return {_SEVERITIES.get(maker, "error")}


def _detail(kind: type[BaseException], name: str) -> str:
    if name in errors.DETAILS:
        return errors.DETAILS[name]
    if kind.__module__.endswith(".errors"):
        words = sentence(inspect.cleandoc(kind.__doc__ or ""))
        return "What is wrong, in words." if words.startswith("{") and words.endswith("}.") else words
    return sentence(str(getattr(kind, "default_detail", "")))

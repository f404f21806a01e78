"""The Python a ready-made step runs, as one file that needs nothing of ours: read from the package's own source.

The step comes first, then what it calls, module by module; imports of the package itself are taken out, as everything
stands in one file. Nothing is executed here: sources are parsed and cut by line.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pprint import pformat
from typing import Any

from engine.library.catalogue import LIBRARY, MODULE, LibraryStep
from engine.library.options import options_of, values_of

_TYPES = {"integer": "int", "number": "float", "array": "json.loads", "object": "json.loads"}
_WIDTH = 100
_EVERYWHERE = ("from __future__ import annotations", "from typing import TYPE_CHECKING, Any")


@dataclass(frozen=True, kw_only=True)
class Script:
    """`text` is the file; `arguments` are the words it is to be started with, expressions among them."""

    file_name: str
    text: str
    arguments: tuple[Any, ...]


@dataclass
class _Part:
    """One module of the package without its imports."""

    title: str
    body: str
    imports: list[str] = field(default_factory=list)
    typing_imports: list[str] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)


def script_of(step: Mapping[str, Any], library: LibraryStep) -> Script:
    """The script of one step with its options written in; options that are expressions become arguments."""
    open_options = {option.name: option.raw for option in options_of(step, library) if option.is_expression}
    forms = library.form.get("properties", {})
    values = {
        name: forms.get(name, {}).get("default") if value is None else value
        for name, value in values_of(step, library).items()
    }
    arguments: tuple[Any, ...] = ("--root", "/opt/ml/processing")
    for name, raw in open_options.items():
        arguments += (f"--{name}", raw)
    parts = _parts(f"{MODULE}.steps.{library.id.replace('-', '_')}.run")
    sections = [
        f'"""{library.title}: {library.document["description"]}"""',
        "from __future__ import annotations",
        _imports(parts),
        _settings(values),
        *(f"# --- {part.title}\n{part.body}" for part in parts),
        _main(library, open_options),
    ]
    return Script(
        file_name=f"{library.id.replace('-', '_')}.py", text="\n\n".join(sections) + "\n", arguments=arguments
    )


def _settings(values: Mapping[str, Any]) -> str:
    named = {name.replace("-", "_"): value for name, value in values.items()}
    return f"OPTIONS: dict[str, Any] = {pformat(named, width=_WIDTH, sort_dicts=False)}"


def _imports(parts: tuple[_Part, ...]) -> str:
    """What all parts import from elsewhere, each module once; what only types need stands apart."""
    always = ["import argparse", "import json", "from pathlib import Path", "from typing import TYPE_CHECKING, Any"]
    plain = _merged([*always, *(line for part in parts for line in part.imports)])
    typed = [line for line in _merged(line for part in parts for line in part.typing_imports) if line not in plain]
    block = "\n".join(plain)
    return f"{block}\n\nif TYPE_CHECKING:\n" + "\n".join(f"    {line}" for line in typed) if typed else block


def _merged(lines: Iterable[str]) -> list[str]:
    """One line per module, `import …` before `from … import …`."""
    whole: set[str] = set()
    named: dict[str, set[str]] = {}
    for line in lines:
        if line.startswith("from "):
            module, _, names = line.removeprefix("from ").partition(" import ")
            named.setdefault(module, set()).update(names.split(", "))
        else:
            whole.add(line)
    return sorted(whole) + [f"from {module} import {', '.join(sorted(named[module]))}" for module in sorted(named)]


def _main(library: LibraryStep, open_options: Mapping[str, Any]) -> str:
    ports = ", ".join(f'"{one["name"]}"' for one in library.inputs)
    outputs = ", ".join(f'"{one["name"]}"' for one in library.outputs)
    lines = [
        "def main() -> None:",
        "    parser = argparse.ArgumentParser(description=__doc__)",
        '    parser.add_argument("--root", type=Path, default=Path("/opt/ml/processing"))',
    ]
    for name in open_options:
        kind = _TYPES.get(library.form["properties"].get(name, {}).get("type", ""), "str")
        lines.append(f'    parser.add_argument("--{name}", type={kind}, default=OPTIONS["{name.replace("-", "_")}"])')
    lines += [
        "    given = vars(parser.parse_args())",
        '    root = given.pop("root")',
        f'    inputs = {{name: root / "input" / name for name in ({ports},)}}',
        f'    outputs = {{name: root / "output" / name for name in ({outputs},)}}',
        "    for folder in outputs.values():",
        "        folder.mkdir(parents=True, exist_ok=True)",
        "    there = {name: folder for name, folder in inputs.items() if folder.is_dir() and any(folder.iterdir())}",
        "    run({**OPTIONS, **given}, there, outputs)",
        "",
        "",
        'if __name__ == "__main__":',
        "    main()",
    ]
    return "\n".join(lines)


@cache
def _parts(start: str) -> tuple[_Part, ...]:
    """The module and everything of the package it needs, each once, in the order they are met."""
    found: dict[str, _Part] = {}
    waiting = [start]
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = _part(name)
            waiting += found[name].needs
    return tuple(found.values())


def _part(name: str) -> _Part:
    path = LIBRARY.joinpath(*name.split(".")).with_suffix(".py")
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    part = _Part(title=(ast.get_docstring(tree) or name).splitlines()[0], body="")
    gone: set[int] = set()
    for node, inside, typing_only in _statements(tree):
        own = isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == MODULE
        if isinstance(node, ast.ImportFrom) and own:
            part.needs.append(str(node.module))
        elif inside and not typing_only:
            continue  # heavy libraries stay where they are used
        elif isinstance(node, ast.Import | ast.ImportFrom) and ast.unparse(node) not in _EVERYWHERE:
            (part.typing_imports if typing_only else part.imports).append(ast.unparse(node))
        gone |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = [line for number, line in enumerate(text.splitlines(), 1) if number not in gone]
    part.body = _tidy(lines)
    return part


def _statements(tree: ast.Module) -> Iterator[tuple[ast.stmt, bool, bool]]:
    """(statement to look at, inside a block, inside TYPE_CHECKING): the docstring, imports, TYPE_CHECKING."""
    first = tree.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        yield first, False, False
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node, False, False
        elif isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            for inner in node.body:
                yield inner, True, True
            yield _line(node), False, False
        else:
            for below in ast.walk(node):
                if isinstance(below, ast.ImportFrom) and (below.module or "").split(".")[0] == MODULE:
                    yield below, True, False


def _line(node: ast.If) -> ast.stmt:
    """The `if TYPE_CHECKING:` line alone."""
    return ast.Pass(lineno=node.lineno, end_lineno=node.lineno, col_offset=0, end_col_offset=0)


def _tidy(lines: list[str]) -> str:
    """At most two blank lines in a row, none at the ends."""
    kept: list[str] = []
    for line in lines:
        if line.strip() or kept[-2:] != ["", ""]:
            kept.append(line if line.strip() else "")
    return "\n".join(kept).strip("\n")

"""Rules of the house that a linter cannot see."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import accounts.selectors
import editor.selectors
import registry.selectors

ROOT = Path(__file__).resolve().parents[2]
WEB_ROOMS = ("accounts", "config", "editor", "registry", "engine", "runs", "aws")
#: Calls that would turn what a user wrote into running code, in a process that holds our secrets.
EVALUATING = {"eval", "exec", "compile", "__import__"}
UNPICKLING = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "jinja2", "yaml"}


def sources(*rooms: str) -> Iterator[tuple[Path, ast.Module]]:
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


def test_nothing_a_user_wrote_is_evaluated_in_our_processes() -> None:
    found = []
    for path, tree in sources("accounts", "config", "editor", "registry", "engine"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in EVALUATING:
                found.append(f"{path}:{node.lineno} {node.func.id}")
        if bad := imported(tree) & UNPICKLING:
            found.append(f"{path} imports {bad}")
    assert not found


def test_the_engine_knows_neither_framework_nor_clock() -> None:
    forbidden = {"django", "rest_framework", "celery", "random", "time", "socket", "subprocess", "os"}
    found = [f"{path}: {bad}" for path, tree in sources("engine") if (bad := imported(tree) & forbidden)]
    assert not found


def test_no_signal_receivers() -> None:
    for path, tree in sources(*WEB_ROOMS):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                names = {ast.unparse(one).partition("(")[0] for one in node.decorator_list}
                assert not names & {"receiver", "dispatch.receiver"}, f"{path}:{node.lineno}"


def test_every_rooms_init_is_empty() -> None:
    for path in [ROOT / room / "__init__.py" for room in WEB_ROOMS]:
        assert not path.exists() or not path.read_text().strip()


@pytest.mark.parametrize("module", [editor.selectors, registry.selectors])
def test_every_selector_takes_who_asks(module: ModuleType) -> None:
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ != module.__name__ or name.startswith("_") or name == "undo_labels":
            continue
        first = next(iter(inspect.signature(function).parameters))
        assert first == "actor", f"{module.__name__}.{name}"


def services() -> Iterator[tuple[Path, ast.FunctionDef]]:
    for room in ("accounts", "editor", "registry"):
        for path in sorted((ROOT / room / "services").glob("*.py")):
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    yield path.relative_to(ROOT), node


def test_services_are_keyword_only_annotated_and_documented() -> None:
    for path, node in services():
        where = f"{path}:{node.name}"
        assert ast.get_docstring(node), where
        assert node.returns is not None, where
        if node.name != "locked_draft":
            assert not node.args.args, where


def test_only_who_asks_decides_about_pipelines_and_models() -> None:
    for path, node in services():
        if path.parts[0] in ("editor", "registry") and node.name not in ("locked_draft", "note_opened"):
            assert "require(" in ast.unparse(node), f"{path}:{node.name} checks no permission"


def test_every_accounts_selector_of_rows_filters_by_who_asks() -> None:
    for name in ("api_tokens", "audit_entries"):
        assert "workspace=actor.workspace" in inspect.getsource(getattr(accounts.selectors, name))


def test_no_file_of_ours_is_too_large() -> None:
    for path, _ in sources("accounts", "config", "editor", "registry"):
        if "migrations" not in path.parts:
            assert len((ROOT / path).read_text().splitlines()) <= 400, path


def test_the_web_process_imports_nothing_heavy() -> None:
    code = (
        "import sys, config.asgi, django.urls\n"
        "django.urls.get_resolver().url_patterns\n"
        "heavy = {'numpy', 'pandas', 'sklearn', 'xgboost', 'pyarrow', 'docker', 'boto3', 'botocore',"
        " 'drf_spectacular.openapi', 'drf_spectacular.generators', 'dj_database_url', 'jsonschema'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_migration_is_missing(db: None) -> None:
    from django.core.management import call_command

    call_command("makemigrations", "accounts", "editor", "registry", check=True, dry_run=True, verbosity=0)

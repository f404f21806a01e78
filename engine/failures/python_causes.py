"""What a Python error means to somebody who did not write the library that raised it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches

from engine.failures.cause import Action, Cause, FailureFacts
from engine.failures.python_rules import CODE, DATA, RULES, Rule
from engine.failures.tracebacks import Raised

_SHOWN = 300
_COMPILED = tuple((rule, re.compile(rf"^(?:{rule.error})$" if rule.error else ""), re.compile(rule.message, re.DOTALL))
                  for rule in RULES)  # fmt: skip
_INDEX = re.compile(r"\[(?P<names>'[^\]]+')\]|\(\[(?P<list>'[^\]]+')\]")
_MODEL = re.compile(r"/model(?:s)?(?:/|$)|model\.(?:tar\.gz|joblib|pkl|json|txt|skops|bst|ubj)$")


def cause_of(raised: Raised, facts: FailureFacts) -> Cause:
    """The cause behind the last error; an error nobody foresaw is told with its own words and its line."""
    if raised.came_through("joblib") and raised.files[-1].endswith("/pickle.py"):
        return cause_of(_no_pickle(raised), facts)
    if raised.name == "KeyError":
        return _key_error(raised, facts)
    for rule, error, message in _COMPILED:
        found = message.search(raised.message) if error.search(raised.name) else None
        if found is not None:
            return _apply(rule, found.groupdict(), raised, facts)
    said = _shortened(raised.message) or "it says nothing more"
    return Cause(
        code="code-error",
        title="The script raised an error",
        what=f"{raised.name}: {said}",
        advice="The line below raised it; the log shows the way there.",
        place=raised.place,
        actions=_with_place(CODE, raised),
    )


def _apply(rule: Rule, groups: Mapping[str, str | None], raised: Raised, facts: FailureFacts) -> Cause:
    words = {name: value for name, value in groups.items() if value}
    words.setdefault("said", raised.message)
    words = {name: _shortened(value).rstrip(".") if name == "said" else value for name, value in words.items()}
    what = rule.what
    for name in ("path", "module", "encoding", "value", "column", "said"):
        what = what.replace("{" + name + "}", words.get(name, "a file" if name == "path" else ""))
    code, title, advice = rule.code, rule.title, rule.advice
    path = words.get("path", "")
    if code == "file-not-found" and _MODEL.search(path):
        code, title = "model-missing", "There is no model"
        advice = "Connect the model of a training step to this input, and look at the name of its file."
    column = (words.get("column") or words.get("field", "")).strip() or None
    known = tuple(re.findall(r'"([^"]+)"', words.get("known", ""))) or facts.columns
    suggestions = _near(column, known) if column and code == "column-missing" else ()
    actions = rule.actions
    if suggestions:
        actions = (Action.PICK_COLUMN, *actions)
    return Cause(
        code=code,
        title=title,
        what=_sentence(what),
        advice=advice,
        place=raised.place,
        column=column,
        package=_package(words.get("module", "")) if code == "package-missing" else None,
        suggestions=suggestions,
        actions=_with_place(actions, raised),
    )


def _no_pickle(raised: Raised) -> Raised:
    """The same in the words of `pickle.load`: joblib reads with Python's slower reader, which stumbles without any."""
    if raised.name == "KeyError" and re.fullmatch(r"[0-9]{1,3}", raised.message):
        said = f"invalid load key, {chr(int(raised.message))!r}."
    else:
        said = "it is no pickle."
    return replace(raised, type="UnpicklingError", message=said, files=())


def _key_error(raised: Raised, facts: FailureFacts) -> Cause:
    """A column of a table, a variable of the environment, or the key of something else."""
    listed = _INDEX.search(raised.message)
    names = listed["names"] or listed["list"] if listed else raised.message
    key = names.split(",")[0].strip().strip("'\"")
    if any(file in ("<frozen os>",) or file.endswith("/os.py") for file in raised.files):
        return Cause(
            code="environment-missing",
            title="A variable is missing",
            what=f'The script reads the environment variable "{key}", which is not set.',
            advice="Set it in the step's Environment.",
            place=raised.place,
            actions=_with_place((Action.OPEN_STEP, Action.OPEN_CODE), raised),
        )
    if any(raised.came_through(library) for library in ("pandas", "polars", "pyarrow")) or key in facts.columns:
        suggestions = _near(key, facts.columns)
        actions = (Action.PICK_COLUMN, *DATA) if suggestions else DATA
        return Cause(
            code="column-missing",
            title="A column is missing",
            what=f'There is no column "{key}" in the table.',
            advice="Choose a column that is there, or bring it back in the step before.",
            place=raised.place,
            column=key,
            suggestions=suggestions,
            actions=_with_place(actions, raised),
        )
    return Cause(
        code="key-missing",
        title="A key is missing",
        what=f'The script asks for "{key}", which is not there.',
        advice="Look at what the line below reads from.",
        place=raised.place,
        actions=_with_place(CODE, raised),
    )


def _with_place(actions: tuple[Action, ...], raised: Raised) -> tuple[Action, ...]:
    """Without a line of the user's there is no code to open."""
    return tuple(action for action in actions if action is not Action.OPEN_CODE or raised.place is not None)


#: Modules whose package has another name.
_PACKAGES: Mapping[str, str] = {
    "sklearn": "scikit-learn",
    "cv2": "opencv-python-headless",
    "PIL": "pillow",
    "yaml": "pyyaml",
    "bs4": "beautifulsoup4",
    "dateutil": "python-dateutil",
    "skimage": "scikit-image",
    "Crypto": "pycryptodome",
    "dotenv": "python-dotenv",
    "attr": "attrs",
    "MySQLdb": "mysqlclient",
    "psycopg2": "psycopg2-binary",
    "google.cloud": "google-cloud",
}


def _package(module: str) -> str:
    top = module.partition(".")[0]
    return _PACKAGES.get(module, _PACKAGES.get(top, top))


def _near(name: str, names: tuple[str, ...]) -> tuple[str, ...]:
    folded = {one.casefold(): one for one in names if one != name}
    return tuple(folded[key] for key in get_close_matches(name.casefold(), folded, n=3, cutoff=0.6))


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def _sentence(text: str) -> str:
    text = text.strip().rstrip(":")
    return text if text.endswith((".", "…", "?")) else f"{text}."

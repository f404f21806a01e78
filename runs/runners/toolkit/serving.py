"""A model as AWS's framework containers serve it: model_fn, input_fn, predict_fn, output_fn or transform_fn of the
user's script, and the containers' own defaults where the script has none."""

from __future__ import annotations

import importlib.util
import os
import sys
import tarfile
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

from . import serving_defaults
from .serving_shims import provide_shims
from .unpacking import unpack

_FUNCTIONS = ("model_fn", "input_fn", "predict_fn", "output_fn", "transform_fn")
_USUAL_SCRIPT = "inference.py"

Handlers: TypeAlias = Mapping[str, Callable[..., Any]]


class CannotServe(Exception):
    """The model cannot be loaded or called; the message says where and why."""


class Model:
    """One container of a model, loaded. `functions`: the handlers the user's script defines."""

    def __init__(
        self, loaded: Any, functions: Mapping[str, Callable[..., Any]], environment: Mapping[str, str]
    ) -> None:
        self._loaded, self._functions, self._environment = loaded, functions, environment
        self._defaults = serving_defaults.defaults_for(loaded)

    def default_accept(self, content_type: str) -> str:
        """What the container answers in when nobody says what is wanted."""
        asked = self._environment.get("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT")
        return asked or serving_defaults.accept_for(content_type)

    def invoke(self, body: bytes, content_type: str, accept: str) -> tuple[bytes, str]:
        """(answer, its content type) to one request.

        Raises:
            CannotServe: a handler raised; the message names it.
        """
        transform = self._functions.get("transform_fn")
        if transform is not None:
            answer = _called(
                "transform_fn", transform, self._loaded, _as_input(body, content_type), content_type, accept
            )
            return _answer(answer, accept)
        read = self._functions.get("input_fn", self._defaults.read)
        predict = self._functions.get("predict_fn", self._defaults.predict)
        write = self._functions.get("output_fn", self._defaults.write)
        given = _as_input(body, content_type) if "input_fn" in self._functions else body
        data = _called("input_fn", read, given, content_type)
        prediction = _called("predict_fn", predict, data, self._loaded)
        return _answer(_called("output_fn", write, prediction, accept), accept)


def open_model(root: Path, index: int, container: Mapping[str, Any]) -> Model:
    """Unpacks the model's files, imports its script and loads it.

    Raises:
        CannotServe
    """
    environment: dict[str, str] = container["environment"]
    folder = model_folder(root, index)
    place_model(root, container, folder)
    os.environ.update(environment)
    script = _script(root, container, folder, environment)
    functions: dict[str, Callable[..., Any]] = {}
    if script is not None:
        provide_shims()
        module = _imported(script, index)
        functions = {name: found for name in _FUNCTIONS if callable(found := getattr(module, name, None))}
    load: Callable[[str], Any] = functions.get("model_fn", serving_defaults.load)
    try:
        loaded = load(str(folder))
    except Exception as error:
        raise CannotServe(f"The model cannot be loaded (model_fn): {_said(error)}") from error
    print(f"model {index + 1} loaded: {type(loaded).__name__}", flush=True)
    return Model(loaded, functions, environment)


def model_folder(root: Path, index: int) -> Path:
    return root / "model" if index == 0 else root / "models" / str(index)


def place_model(root: Path, container: Mapping[str, Any], folder: Path) -> None:
    """The files of the model where its functions look for them.

    Raises:
        CannotServe: an archive that cannot be unpacked.
    """
    folder.mkdir(parents=True, exist_ok=True)
    delivered = _local(root, container["model"])
    files = sorted(path for path in delivered.rglob("*") if path.is_file()) if delivered.is_dir() else []
    for path in files:
        if container["packed"]:
            _unpack(path, folder)
        else:
            target = folder / path.relative_to(delivered)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)


def _unpack(archive: Path, folder: Path) -> None:
    try:
        with tarfile.open(archive) as packed:
            unpack(packed, folder)
    except (tarfile.TarError, OSError, EOFError) as error:
        raise CannotServe(f"The archive {archive.name} cannot be unpacked: {error}") from error


def _script(root: Path, container: Mapping[str, Any], folder: Path, environment: Mapping[str, str]) -> Path | None:
    """The user's script: the one SAGEMAKER_PROGRAM names, in the code beside the model or inside it; else
    code/inference.py of the model, where there is one."""
    program = environment.get("SAGEMAKER_PROGRAM", "")
    code = folder / "code"
    if container["code"]:
        code = root / "model-code" / folder.name
        code.mkdir(parents=True, exist_ok=True)
        for archive in sorted(_local(root, container["code"]).glob("*")):
            _unpack(archive, code)
    if program:
        script = code / program
        if not script.is_file():
            present = ", ".join(sorted(path.name for path in code.glob("*"))[:20]) or "nothing"
            raise CannotServe(f"SAGEMAKER_PROGRAM names {program}, and the model's code has {present}.")
        return script
    usual = code / _USUAL_SCRIPT
    return usual if usual.is_file() else None


def _imported(script: Path, index: int) -> ModuleType:
    """Each container's script is a module of its own name, so that two may be called inference.py."""
    sys.path.insert(0, str(script.parent))
    specification = importlib.util.spec_from_file_location(f"clary_model_{index}", script)
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    try:
        specification.loader.exec_module(module)
    except Exception as error:
        raise CannotServe(f"The script {script.name} cannot be imported: {_said(error)}") from error
    return module


def _local(root: Path, container_path: str) -> Path:
    return root / container_path.removeprefix("/opt/ml/")


def _as_input(body: bytes, content_type: str) -> Any:
    """As the containers hand it on: text for text types, bytes for the rest."""
    name = content_type.partition(";")[0].strip().lower()
    is_text = name.startswith("text/") or "json" in name
    return body.decode("utf-8", errors="replace") if is_text else body


def _called(name: str, function: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return function(*arguments)
    except serving_defaults.NotHandled as error:
        raise CannotServe(str(error)) from error
    except Exception as error:
        raise CannotServe(f"{name} failed: {_said(error)}") from error


def _answer(given: Any, accept: str) -> tuple[bytes, str]:
    """An answer is a body, a body with its content type, or an object that holds both."""
    content_type = accept
    if isinstance(given, tuple) and len(given) == 2 and isinstance(given[1], str):
        given, content_type = given
    elif hasattr(given, "response") and hasattr(given, "mimetype"):
        given, content_type = given.response, str(given.mimetype)
    if isinstance(given, str):
        return given.encode(), content_type
    if isinstance(given, bytes | bytearray | memoryview):
        return bytes(given), content_type
    return serving_defaults.encode(given, content_type), content_type


def _said(error: BaseException) -> str:
    """The error and the last line of the user's code it came from."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(__file__).parent != Path(frame.filename).parent
    ]
    own = [frame for frame in frames if not frame.filename.startswith("<") and "site-packages" not in frame.filename]
    place = f" ({Path(own[-1].filename).name}, line {own[-1].lineno})" if own else ""
    return "".join(traceback.format_exception_only(error)).strip() + place

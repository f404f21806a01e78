"""Starts the part of the toolkit a job asks for.

`launch.py <script|models|transform|xgboost> <root> [module the image promises …]`, or
`launch.py <function|notebook> <root> [argument …]`.

Runs inside the step process, with the step's interpreter: standard library only, nothing of the server.
`root` is /opt/ml, or the folder that stands for it.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path

_MODULES = {"models": "models", "script": "script_mode", "transform": "transform", "xgboost": "xgboost_algorithm"}
#: Jobs that are no script of a framework image: what follows belongs to them.
_WITH_ARGUMENTS = {"function": "remote_function", "notebook": "notebook_job"}


def start(arguments: list[str]) -> int:
    """The exit code of the job."""
    kind, root, *rest = arguments
    folder = Path(__file__).resolve().parent
    # The package, not its folder, goes on the path: a user's module may be named like one of ours.
    sys.path[:1] = [str(folder.parent)]
    if kind in _WITH_ARGUMENTS:
        module = importlib.import_module(f"{folder.name}.{_WITH_ARGUMENTS[kind]}")
        ended: int = module.main(Path(root), rest, package_path=str(folder.parent))
        return ended
    failure = importlib.import_module(f"{folder.name}.failure")
    missing = [name for name in rest if importlib.util.find_spec(name) is None]
    if missing:
        names = ", ".join(missing)
        failure.write(
            Path(root),
            f"The image of this step promises {names}, and the local environment has no {names}. "
            f"Add {names} to the requirements.txt beside the script, or run the step in a container of the image.",
        )
        return 1
    module = importlib.import_module(f"{folder.name}.{_MODULES[kind]}")
    code: int = module.main(Path(root), package_path=str(folder.parent))
    return code


if __name__ == "__main__":
    sys.exit(start(sys.argv[1:]))

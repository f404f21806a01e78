"""The folder of all state, opened before anything else reads the settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from accounts.files import KeyUnusable, key_from_file, private_folder
from config.env import Environment, EnvironmentInvalid


@dataclass(frozen=True, kw_only=True)
class Home:
    folder: Path
    secret_key: str


def open_home(environment: Environment) -> Home:
    """The folder, made when missing, and the signing key.

    Raises:
        EnvironmentInvalid: the folder or the key cannot be used; says which and why.
    """
    try:
        folder = private_folder(environment.home)
    except OSError as problem:
        raise EnvironmentInvalid(
            f"CLARY_HOME is {environment.home}, which cannot be made or used as a folder: {problem.strerror}."
        ) from problem
    key_file = environment.secret_key_file or folder / "secret.key"
    try:
        return Home(folder=folder, secret_key=key_from_file(key_file))
    except KeyUnusable as problem:
        raise EnvironmentInvalid(str(problem)) from problem
    except OSError as problem:
        raise EnvironmentInvalid(f"The key file {key_file} cannot be used: {problem.strerror}.") from problem

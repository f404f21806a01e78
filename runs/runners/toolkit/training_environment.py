"""The SM_* variables and arguments a script finds, as AWS's training toolkit sets them.

Many scripts read their defaults from os.environ["SM_…"], so a missing one is an immediate KeyError.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_LOG_LEVEL = 20  # logging.INFO


def decoded(value: str) -> Any:
    """A hyperparameter as the SDK meant it: JSON where it reads as JSON, else the text itself."""
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def command_arguments(values: Mapping[str, Any]) -> list[str]:
    """`--name value` for every hyperparameter, sorted by name; `-n value` for one letter; objects as `a=1,b=2`."""
    arguments: list[str] = []
    for name in sorted(values):
        value = values[name]
        arguments.append(f"--{name}" if len(name) > 1 else f"-{name}")
        if isinstance(value, dict):
            arguments.append(",".join(f"{key}={item}" for key, item in sorted(value.items())))
        else:
            arguments.append("" if value is None else str(value))
    return arguments


def variables(root: Path, values: Mapping[str, Any], *, program: str, code: str) -> dict[str, str]:
    """Every SM_* variable of the toolkit, for one host and the values of hyperparameters.json (decoded)."""
    inputs = _read_json(root / "input/config/inputdataconfig.json")
    resources = _read_json(root / "input/config/resourceconfig.json")
    own = {name: value for name, value in values.items() if not name.startswith("sagemaker_")}
    framework = {name: value for name, value in values.items() if name.startswith("sagemaker_")}
    channels = {name: str(root / "input/data" / name) for name in sorted(inputs)}
    module = program.removesuffix(".py")
    facts: dict[str, Any] = {
        "channel_input_dirs": channels,
        "channels": list(channels),
        "current_host": resources.get("current_host", "algo-1"),
        "current_instance_group": resources.get("current_group_name", "homogeneousCluster"),
        "current_instance_group_hosts": resources.get("hosts", ["algo-1"]),
        "current_instance_type": resources.get("current_instance_type", "local"),
        "framework_module": None,
        "hosts": resources.get("hosts", ["algo-1"]),
        "hps": own,
        "input_config_dir": str(root / "input/config"),
        "input_data_config": inputs,
        "input_dir": str(root / "input"),
        "instance_groups": ["homogeneousCluster"],
        "is_hetero": False,
        "job_name": os.environ.get("TRAINING_JOB_NAME", ""),
        "log_level": framework.get("sagemaker_container_log_level", _LOG_LEVEL),
        "master_hostname": resources.get("current_host", "algo-1"),
        "model_dir": str(root / "model"),
        "module_dir": code,
        "module_name": module,
        "network_interface_name": resources.get("network_interface_name", "eth0"),
        "num_cpus": int(os.environ.get("SM_NUM_CPUS") or os.cpu_count() or 1),
        "num_gpus": int(os.environ.get("SM_NUM_GPUS") or 0),
        "num_neurons": 0,
        "output_data_dir": str(root / "output/data"),
        "output_dir": str(root / "output"),
        "output_intermediate_dir": str(root / "output/intermediate"),
        "resource_config": resources,
        "user_entry_point": program,
    }
    facts |= {
        "framework_params": {name: value for name, value in framework.items() if name not in _KNOWN},
        "training_env": {**facts, "hyperparameters": own},
        "user_args": command_arguments(own),
    }
    facts |= {f"channel_{name}": path for name, path in channels.items()}
    facts |= {f"hp_{name}": value for name, value in own.items()}
    texts = {f"SM_{name.upper()}": _text(value) for name, value in facts.items()}
    return {name: text for name, text in texts.items() if "=" not in name and "\0" not in name + text}


_KNOWN = frozenset(
    {
        "sagemaker_program",
        "sagemaker_submit_directory",
        "sagemaker_container_log_level",
        "sagemaker_job_name",
        "sagemaker_region",
    }
)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _read_json(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content

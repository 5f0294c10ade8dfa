"""The entry of the deployed archive: FUNCTION_TARGET names a function, and only its door loads.

functions-framework and the buildpack both load this module and take the target from it by name.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parent
if str(_ROOT) not in sys.path:  # functions-framework runs from anywhere and adds nothing
    sys.path.insert(0, str(_ROOT))


def __getattr__(name: str) -> Callable[..., Any]:
    if name.startswith("_") or not (_ROOT / "functions" / f"{name}.py").is_file():
        raise AttributeError(f"there is no function {name!r}")
    entry: Callable[..., Any] = getattr(importlib.import_module(f"functions.{name}"), name)
    return entry

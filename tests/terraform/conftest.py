"""Workspaces for Terraform: one that is only read, and fresh ones to break."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.terraform.workspace import Plan, Workspace


@pytest.fixture(scope="session")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("declarations"))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


@pytest.fixture(scope="session")
def planned(untouched: Workspace) -> Callable[..., Plan]:
    """The plan with these variables, made once."""

    @cache
    def plan(**variables: Any) -> Plan:
        return untouched.plan(**variables)

    return plan

"""The road to BigQuery: one client made late, the bounds of its calls, what every job carries."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from threading import Lock
from time import monotonic
from typing import Any, TypeVar, cast

from google.api_core.client_options import ClientOptions
from google.api_core.retry import Retry
from google.auth.credentials import Credentials
from google.cloud import bigquery

from shared.adapters.google.bigquery_text import one_select
from shared.adapters.google.bigquery_values import Parameter, parameters
from shared.ports import Query

_Answer = TypeVar("_Answer")
_RETRY = bigquery.DEFAULT_RETRY.with_delay(initial=0.1, maximum=4.0, multiplier=2.0)
_NO_LABEL = re.compile(r"[^a-z0-9_-]")
_LEAST_S = 0.1


def until(seconds: float) -> Retry:
    """Retries of transient errors, by BigQuery's own rule, up to one end for all calls it is given.

    The client takes a retry for each of the calls that one of ours becomes and would begin anew.
    """
    end = monotonic() + seconds

    def bounded(call: Callable[[], _Answer]) -> Callable[[], _Answer]:
        left = max(_LEAST_S, end - monotonic())
        return cast(Callable[[], _Answer], _RETRY.with_timeout(left)(call))

    return cast(Retry, bounded)


class Road:
    """The client of one dataset, opened at its first use, and the settings of its jobs."""

    def __init__(
        self,
        home: tuple[str, str, str],
        endpoint: str | None,
        credentials: Credentials | None,
    ) -> None:
        self.project, self.dataset, self.location = home
        self._endpoint, self._credentials = endpoint, credentials
        self._opening = Lock()
        self._client: bigquery.Client | None = None

    def client(self) -> bigquery.Client:
        """The client, shared by all threads."""
        with self._opening:
            if self._client is None:
                self._client = bigquery.Client(
                    self.project,
                    credentials=self._credentials,
                    location=self.location,
                    client_options=ClientOptions(api_endpoint=self._endpoint),
                    default_job_creation_mode="JOB_CREATION_OPTIONAL",
                )
            return self._client

    def close(self) -> None:
        """Close the connections; the next use opens new ones."""
        with self._opening:
            if self._client is not None:
                self._client.close()  # type: ignore[no-untyped-call]
            self._client = None

    def asked(self, query: Query, operation: str) -> tuple[str, bigquery.QueryJobConfig]:
        """The text and the job of a query, before its bounds. Raises Invalid."""
        text = one_select(query.sql, self.dataset)
        values: Mapping[str, Any] = {**query.params, "project_id": query.project_id}
        return text.sql, self.job(query.project_id, operation, parameters(values, text.parameters))

    def job(
        self, project_id: str, operation: str, given: list[Parameter]
    ) -> bigquery.QueryJobConfig:
        """A query job that is labelled and finds unqualified tables in the dataset.

        Its priority is the default, interactive: saying so would keep it from `jobs.query`.
        """
        return bigquery.QueryJobConfig(
            query_parameters=given,
            default_dataset=bigquery.DatasetReference(self.project, self.dataset),
            labels=labels(project_id, operation),
            use_query_cache=True,
        )


def labels(project_id: str, operation: str) -> dict[str, str]:
    """What tells in the bill whom a job was for; a label is 63 small letters, digits, - and _."""
    tenant = _NO_LABEL.sub("-", project_id.lower())[:63]
    return {"aims_project": tenant, "aims_operation": operation}

"""The demo project: opened once, and moved along so that its last day is always yesterday."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, timedelta

from infra.local.demo import write_campaigns_csv, write_csv
from shared.domain.access import Caller
from shared.domain.imports import import_campaigns, import_metrics
from shared.domain.imports.model import ImportOptions
from shared.domain.membership import open_project
from shared.domain.outbox import commit
from shared.domain.projects import NewProject, Project
from shared.domain.requests import Upload
from shared.domain.suite import Suite
from shared.domain.summaries.week import week_over
from shared.domain.vocabulary import record_import
from shared.ports import Delete, Listing, Put, every_document

SEED = 42
OWNER = Caller(uid="demo@example.com", email="demo@example.com")
PROJECT = NewProject(id="demo", name="Demo shop", timezone="Europe/Berlin", currency="EUR")
DAY = timedelta(days=1)
REPLAYED = timedelta(days=70)  # of the story; what came before is what was usual
SUMMED_UP = 3  # weeks
LOADED = "projects/demo/state/demo"


def load_demo_project(suite: Suite) -> Project:
    """Open the project if it is not there, and load its data unless they end yesterday already.

    Rows of the demo's campaigns are replaced; what a person imported besides them stays.
    """
    held = suite.documents.get(f"projects/{PROJECT.id}")
    project = Project.model_validate(held.data) if held else open_project(suite, OWNER, PROJECT)
    yesterday = suite.clock.today(project.zone) - timedelta(days=1)
    loaded = suite.documents.get(LOADED)
    if loaded is None or loaded.data["last_day"] != yesterday.isoformat():
        _load(suite, project, yesterday)
        _forget_anomalies(suite)
        suite.documents.commit(Put(LOADED, {"last_day": yesterday.isoformat()}))
    return project


def replay_demo_project(suite: Suite) -> Iterator[date]:
    """Let the anomalies of the demo's story be found, once for each telling, morning by morning."""
    stored, loaded = suite.documents.get(f"projects/{PROJECT.id}"), suite.documents.get(LOADED)
    if stored is None or loaded is None or loaded.data.get("replayed"):
        return
    from shared.domain.anomalies.scanning import replay  # loads arrays and tables

    last_day = date.fromisoformat(loaded.data["last_day"])
    project = Project.model_validate(stored.data)
    yield from replay(suite, project, last_day - REPLAYED, last_day + DAY)
    suite.documents.commit(Put(LOADED, {**loaded.data, "replayed": True}))


def sum_up_demo_project(suite: Suite) -> Iterator[date]:
    """Sum up the demo's last weeks, once for each telling, and have the newest one mailed."""
    stored, loaded = suite.documents.get(f"projects/{PROJECT.id}"), suite.documents.get(LOADED)
    if stored is None or loaded is None or loaded.data.get("summed_up"):
        return
    from shared.domain.summaries import producing  # loads arrays and what draws charts

    project = Project.model_validate(stored.data)
    newest = week_over(suite.clock.today(project.zone))
    for before in range(SUMMED_UP - 1, 0, -1):
        producing.sum_up(suite, project, newest.before(before))
        yield newest.before(before).start
    commit(suite, *producing.ordered(suite, PROJECT.id, {"week": newest.name}))
    suite.documents.commit(Put(LOADED, {**loaded.data, "summed_up": True}))
    yield newest.start


def _forget_anomalies(suite: Suite) -> None:
    """Those of the days before, whose story has moved on."""
    told = every_document(suite.documents, Listing(f"projects/{PROJECT.id}/anomalies"))
    ledger = Delete(f"projects/{PROJECT.id}/state/anomalies")
    suite.documents.commit(*(Delete(record.path) for record in told), ledger)


def _load(suite: Suite, project: Project, last_day: date) -> None:
    metrics, campaigns = io.StringIO(newline=""), io.StringIO(newline="")
    write_csv(metrics, SEED, last_day)
    write_campaigns_csv(campaigns, last_day)
    for text, importer in ((metrics, import_metrics), (campaigns, import_campaigns)):
        importer(
            suite.warehouse,
            project.id,
            Upload(io.BytesIO(text.getvalue().encode()), "text/csv"),
            ImportOptions(
                replace_campaigns=True, currency=project.currency, day_first=project.day_first
            ),
            now=suite.clock.now(),
            today=suite.clock.today(project.zone),
        )
    record_import(suite, project.id, OWNER.uid, {"file": f"demo data to {last_day}"})

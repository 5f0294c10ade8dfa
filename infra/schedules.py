"""`python -m infra.schedules`: the Cloud Scheduler jobs of the catalog, without Terraform."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from shared.runtime.catalog import functions

if TYPE_CHECKING:
    from infra.schedules_jobs import Scheduler

Command = Callable[..., None]
OPTIONS = (
    click.option("--project", required=True, envvar="AIMS_GOOGLE_PROJECT", help="Google project."),
    click.option("--region", default="europe-west1", show_default=True, help="Region of the jobs."),
    click.option("--endpoint", hidden=True, help="HOST:PORT of a server that is not Google's."),
)
DRY_RUN = click.option("--dry-run", is_flag=True, help="Show what would be done, do nothing.")


def _placed(command: Command) -> Command:
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@contextmanager
def _scheduler(project: str, region: str, endpoint: str | None) -> Iterator[Scheduler]:
    """The vendor loads here, so that --help needs no package and no credentials."""
    try:
        from infra.schedules_jobs import Place, Refused, Scheduler
    except ModuleNotFoundError as missing:
        raise click.ClickException(
            f"{missing.name} is not installed: "
            ".venv/bin/python -m pip install --require-hashes -r requirements-dev.txt"
        ) from missing
    try:
        with Scheduler(Place(project, region), endpoint) as scheduler:
            yield scheduler
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused


@click.group()
def cli() -> None:
    """Keep Cloud Scheduler at what functions/catalog.yaml says. Touches jobs named aims-* only."""


@cli.command()
@_placed
@click.option("--prune", is_flag=True, help="Remove aims-* jobs that the catalog does not name.")
@DRY_RUN
def sync(project: str, region: str, endpoint: str | None, *, prune: bool, dry_run: bool) -> None:
    """Create and update what differs; twice changes nothing."""
    with _scheduler(project, region, endpoint) as scheduler:
        for step in scheduler.steps(functions(), prune=prune):
            if not dry_run:
                scheduler.take(step)
            click.echo(step.told(done=not dry_run))


@cli.command("list")
@_placed
def list_jobs(project: str, region: str, endpoint: str | None) -> None:
    """Show every job: schedule, next run, last run, and where it differs from the catalog."""
    with _scheduler(project, region, endpoint) as scheduler:
        rows = [row.cells() for row in scheduler.rows(functions())]
    _print_columns([("NAME", "SCHEDULE (UTC)", "NEXT RUN", "LAST RUN", "DRIFT"), *rows])


@cli.command()
@click.argument("name")
@_placed
@DRY_RUN
def run(name: str, project: str, region: str, endpoint: str | None, *, dry_run: bool) -> None:
    """Fire the job of the function NAME now."""
    timed = [f.name for f in functions().values() if f.schedule]
    function = name.removeprefix("aims-").replace("-", "_")
    if function not in timed:
        raise click.ClickException(
            f"{name} has no schedule. With one: {', '.join(timed) or 'none'}."
        )
    with _scheduler(project, region, endpoint) as scheduler:
        if not dry_run:
            scheduler.fire(function)
        click.echo(f"{'would fire' if dry_run else 'fired'} {function}")


def _print_columns(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        cells: list[Any] = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        click.echo("  ".join(cells).rstrip())


if __name__ == "__main__":
    cli(prog_name="python -m infra.schedules")

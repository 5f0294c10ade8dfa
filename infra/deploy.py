"""`python -m infra.deploy`: build the image, apply it with Terraform, go back to an earlier one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import click

from infra.deploy_steps import Deployment, Failed, Place, Shell

PROJECT = re.compile(r"[a-z][a-z0-9-]{4,28}[a-z0-9]")
REGION = re.compile(r"[a-z]+-[a-z]+[0-9]{1,2}")
DIGEST = re.compile(r"sha256:[0-9a-f]{6,64}")

Command = Callable[..., None]


def _like(pattern: re.Pattern[str], example: str) -> Callable[..., str | None]:
    def check(_: Any, __: Any, value: str | None) -> str | None:
        if value is not None and not pattern.fullmatch(value):
            raise click.BadParameter(f"{value!r} is not like {example}")
        return value

    return check


OPTIONS = (
    click.option(
        "--project",
        required=True,
        envvar="AIMS_GOOGLE_PROJECT",
        callback=_like(PROJECT, "my-project-123"),
        help="Google Cloud project.",
    ),
    click.option(
        "--region",
        default="europe-west1",
        show_default=True,
        callback=_like(REGION, "europe-west1"),
        help="Region of the functions and images.",
    ),
    click.option("--dry-run", is_flag=True, help="Print the commands, change nothing."),
)
YES = click.option("--yes", is_flag=True, help="Do not ask before Terraform changes anything.")
REBUILD = click.option(
    "--rebuild", is_flag=True, help="Build even if this source was built: for a newer base image."
)


def _placed(command: Command) -> Command:
    for option in reversed(OPTIONS):
        command = option(command)
    return command


class Plain(click.Group):
    """A group whose failures are one line and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except Failed as failed:
            raise click.ClickException(str(failed)) from failed


@click.group(cls=Plain)
def cli() -> None:
    """One image for every function, by digest. Needs gcloud and terraform."""


def _deployment(project: str, region: str, dry_run: bool) -> Deployment:
    return Deployment(Place(project, region), Shell(dry_run))


@cli.command()
@_placed
@YES
def bootstrap(project: str, region: str, *, dry_run: bool, yes: bool) -> None:
    """Once for a project: the bucket of Terraform's state, and where images are built and kept."""
    _deployment(project, region, dry_run).bootstrap(yes=yes)


@cli.command()
@_placed
@REBUILD
def build(project: str, region: str, *, dry_run: bool, rebuild: bool) -> None:
    """Build the image of this source, unless it was built, and print it by digest."""
    click.echo(_deployment(project, region, dry_run).build(rebuild=rebuild))


@cli.command()
@_placed
@YES
@REBUILD
def deploy(project: str, region: str, *, dry_run: bool, yes: bool, rebuild: bool) -> None:
    """Build and apply. Terraform shows what changes and asks."""
    deployment = _deployment(project, region, dry_run)
    deployment.apply(deployment.build(rebuild=rebuild), yes=yes)


@cli.command()
@_placed
def digests(project: str, region: str, *, dry_run: bool) -> None:
    """List what was deployed, oldest first; the last to run is marked."""
    runs = _deployment(project, region, dry_run).history()
    for digest, since in runs.first_seen.items():
        mark = "  now" if digest == runs.now else ""
        click.echo(f"{since[:16]}  {digest}{mark}")


@cli.command()
@_placed
@YES
@click.option("--to", callback=_like(DIGEST, "sha256:0123abcd"), help="A digest, or its start.")
def rollback(project: str, region: str, *, dry_run: bool, yes: bool, to: str | None) -> None:
    """Apply what was deployed before the current image, or --to a digest of `digests`."""
    deployment = _deployment(project, region, dry_run)
    runs = deployment.history()
    digest = runs.find(to) if to else runs.before()
    click.echo(f"back from {runs.now} to {digest}, first deployed {runs.first_seen[digest][:16]}")
    deployment.apply(deployment.kept(digest), yes=yes)


if __name__ == "__main__":
    cli(prog_name="python -m infra.deploy")

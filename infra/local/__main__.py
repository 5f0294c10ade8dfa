"""`python -m infra.local`: serve the suite here, sign tokens, write demo data, show a demo."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from shared.errors import AimsError

DATA_DIR = click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".data"),
    show_default=True,
    envvar="AIMS_DATA_DIR",
    help="Folder of the embedded stores.",
)


class Day(click.ParamType[date]):
    """A date as YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        """Read it."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date such as 2025-03-31", param, ctx)


@click.group()
def cli() -> None:
    """AIMS on this machine: every function on one port, nothing but Python."""


@cli.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True)
@DATA_DIR
@click.option(
    "--today", type=Day(), envvar="AIMS_TODAY", help="Fix the clock's date, for runs that repeat."
)
@click.option(
    "--auth",
    type=click.Choice(["demo", "required"]),
    default="demo",
    show_default=True,
    envvar="AIMS_AUTH",
    help="demo signs every caller in as demo@example.com; required wants a token.",
)
@click.option("--demo/--no-demo", default=True, help="With or without the demo project.")
@click.option("--emulators", is_flag=True, help="On the Firestore and Pub/Sub emulators.")
@click.option("--welcome", is_flag=True, help="Also print what to try.")
def serve(**options: Any) -> None:
    """Serve every function on one port until stopped."""
    from infra.local import serve as server
    from infra.local.welcome import print_welcome

    after = print_welcome if options.pop("welcome") else server.print_ready
    on_emulators = options.pop("emulators")
    if on_emulators:
        options["data_dir"] = options["data_dir"] / "emulators"
    try:
        server.serve(server.Options(**options, on_emulators=on_emulators, after_ready=after))
    except (server.Refused, AimsError) as refused:
        raise click.ClickException(str(refused)) from refused


@cli.command()
@DATA_DIR
@click.option("--email", required=True, help="Whom the token signs in.")
@click.option("--ttl", type=click.IntRange(1, 30 * 86_400), default=3600, show_default=True)
def token(data_dir: Path, email: str, ttl: int) -> None:
    """Print an ID token that a suite on this data folder accepts."""
    from infra.local.keys import issuer
    from shared.adapters.local.clock import SystemClock
    from shared.domain.people import EMAIL
    from shared.runtime.settings import load

    if not re.fullmatch(EMAIL, email):
        raise click.BadParameter(f"{email!r} is not an e-mail address", param_hint="--email")
    settings = load({"AIMS_DATA_DIR": str(data_dir)})
    now = SystemClock().now()  # a token lives in real time, whatever day the suite is set to
    click.echo(
        issuer(data_dir, settings.token_issuer).person(
            email, audience=settings.token_audience, now=now, ttl=timedelta(seconds=ttl)
        )
    )


@cli.command()
@DATA_DIR
@click.argument("function")
def fire(data_dir: Path, function: str) -> None:
    """Fire a scheduled function now; the suite that runs on the data folder does the work."""
    from infra.local import schedule
    from infra.local import serve as server
    from shared.adapters.local.clock import SystemClock
    from shared.runtime.families import open_suite
    from shared.runtime.settings import export, load

    known = schedule.scheduled()
    if function not in known:
        raise click.BadParameter(f"one of {', '.join(known)}", param_hint="FUNCTION")
    try:
        export(server.environment_of(data_dir))
        suite = open_suite(load())
        schedule.fire(suite, known[function], f"by-hand:{SystemClock().now():%Y%m%dT%H%M%S.%fZ}")
    except (server.Refused, AimsError) as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"fired {function}")


@cli.command("demo-data")
@click.option("--seed", type=int, default=42, show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--last-day", type=Day(), default=date(2025, 3, 31), show_default=True)
def demo_data(seed: int, out: Path, last_day: date) -> None:
    """Write the demo data as CSV."""
    from infra.local.demo import write_csv

    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("w", encoding="utf-8", newline="") as file:
        write_csv(file, seed, last_day)
    click.echo(f"written to {out}")


@cli.command()
def demo() -> None:
    """Ask five questions about the demo data, print the answers and what is noticed, exit."""
    from infra.local.demo_tour import tour

    tour()


if __name__ == "__main__":
    cli(prog_name="python -m infra.local")

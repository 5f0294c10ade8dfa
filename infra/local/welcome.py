"""What a person sees once the suite is up: where it is and five things to try."""

from __future__ import annotations

from collections.abc import Mapping

WELCOME = """ready: {address}

AIMS is up with a demo project. Five things to try in another terminal:

  1. Ask a question
     curl -s {address}/v1/projects/demo/query -H 'Content-Type: application/json' \\
       -d '{{"question": "Which campaign had the best ROAS last month?"}}'

  2. Read numbers for a dashboard
     curl -s '{address}/v1/projects/demo/metrics?metrics=spend,roas&dimensions=channel' \\
       -H 'Accept: text/csv'

  3. See what it noticed by itself (mail goes to the folder `mail` in the data folder)
     curl -s '{address}/v1/projects/demo/anomalies?state=all'

  4. Read what last week brought, as the mail that people get on Monday (open it in a browser)
     curl -s {address}/v1/projects/demo/weekly-summaries/latest -H 'Accept: text/html' > week.html

  5. Import a file of your own (without dry_run=true it is also stored)
     curl -s '{address}/v1/projects/demo/metrics:import?dry_run=true' \\
       -H 'Content-Type: text/csv' --data-binary @export.csv

The whole API: {address}/openapi.json    Logs: suite.log in the data folder    Stop: Ctrl-C
"""


def print_welcome(address: str, emulators: Mapping[str, str]) -> None:
    """Print it for the suite at this address, and where the emulators are."""
    print(WELCOME.format(address=address), flush=True)
    if emulators:
        set_ = " ".join(f"{name}={at}" for name, at in emulators.items())
        print(f"On emulators, which keep nothing when they stop: export {set_}\n", flush=True)

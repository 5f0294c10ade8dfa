"""What Cloud Scheduler refuses, in one plain line that says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from google.api_core import exceptions as vendor
from google.auth.exceptions import GoogleAuthError

OFF = (
    "Cloud Scheduler is off in {project}:"
    " `gcloud services enable cloudscheduler.googleapis.com --project {project}` turns it on."
)
NO_ROLE = "Your account may not do this in {project}: it needs roles/cloudscheduler.admin."
SIGN_IN = "Sign in first: `gcloud auth application-default login`."
NO_PLACE = (
    "There is no Cloud Scheduler in {region} of {project}:"
    " `gcloud scheduler locations list --project {project}` lists the regions."
)
BUSY = "Cloud Scheduler does not answer: try again in a few minutes; what was done stays done."
ODD = "Cloud Scheduler refused: {said}"

TEXTS: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((vendor.Unauthenticated, GoogleAuthError), SIGN_IN),
    ((vendor.PermissionDenied,), NO_ROLE),
    ((vendor.NotFound,), NO_PLACE),
    ((vendor.ServiceUnavailable, vendor.DeadlineExceeded, vendor.RetryError), BUSY),
)


class Refused(Exception):
    """It cannot be done; the text is for the person at the command line."""


@contextmanager
def translated(project: str, region: str) -> Iterator[None]:
    """Raise Refused for what the vendor raises."""
    try:
        yield
    except (vendor.GoogleAPIError, GoogleAuthError) as error:
        text = _text(error)
        said = str(getattr(error, "message", error)).partition("\n")[0]
        raise Refused(text.format(project=project, region=region, said=said)) from error


def _text(error: Exception) -> str:
    if getattr(error, "reason", None) == "SERVICE_DISABLED":
        return OFF
    if isinstance(error, vendor.InvalidArgument) and "not a valid location" in str(error):
        return NO_PLACE
    return next((text for kinds, text in TEXTS if isinstance(error, kinds)), ODD)

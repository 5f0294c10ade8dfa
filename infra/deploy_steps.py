"""The gcloud and terraform commands of a deployment, as argument lists."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from infra import archive
from shared.runtime.catalog import functions

TERRAFORM = archive.ROOT / "terraform"
BUILDER = "aims-build"  # the account that builds (terraform/identities.tf)
# What Terraform itself needs before it can turn on the rest.
FIRST_APIS = ("cloudresourcemanager", "iam", "pubsub", "serviceusage", "storage")
# What a build needs before there is an image that the rest could run.
FIRST_TARGETS = (
    "google_project_service.this",
    "google_artifact_registry_repository_iam_member.build",
    "google_storage_bucket_iam_member.build",
    "google_project_iam_member.build_logs",
)
NO_IMAGE = "sha256:" + "0" * 64


class Failed(Exception):
    """A step cannot be taken; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """A project and a region, and what is called how there."""

    project: str
    region: str

    @property
    def image(self) -> str:
        """The image's name without tag or digest."""
        return f"{self.region}-docker.pkg.dev/{self.project}/aims/suite"

    @property
    def state(self) -> str:
        """The bucket of Terraform's state."""
        return f"{self.project}-aims-state"

    @property
    def builder(self) -> str:
        """The account that builds."""
        account = f"{BUILDER}@{self.project}.iam.gserviceaccount.com"
        return f"projects/{self.project}/serviceAccounts/{account}"


@dataclass(frozen=True, slots=True)
class Shell:
    """Runs other people's programs and says so. A dry run reads, and changes nothing."""

    dry_run: bool

    def do(self, *words: str) -> None:
        """Run it in front of the person, who sees its output."""
        click.echo(f"$ {shlex.join(words)}", err=True)
        if not self.dry_run and subprocess.run([_found(words[0]), *words[1:]]).returncode:
            raise Failed(f"`{shlex.join(words[:3])} …` failed: its own words are above.")

    def read(self, *words: str) -> str:
        """What it prints, stripped. Only for commands that change nothing."""
        done = subprocess.run([_found(words[0]), *words[1:]], stdout=subprocess.PIPE, text=True)
        if done.returncode:
            raise Failed(f"`{shlex.join(words[:4])} …` failed: its own words are above.")
        return done.stdout.strip()


def _found(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise Failed(f"{program} is not installed, or not on the PATH.")
    return path


@dataclass(frozen=True, slots=True)
class History:
    """What was deployed: digest → when first, oldest first; and what was deployed last."""

    first_seen: Mapping[str, str]
    now: str

    def before(self) -> str:
        """The digest that was first deployed right before the current one."""
        digests = list(self.first_seen)
        place = digests.index(self.now)
        if place == 0:
            raise Failed("Nothing was deployed before what runs now.")
        return digests[place - 1]

    def find(self, start: str) -> str:
        """The one digest with this start."""
        found = [digest for digest in self.first_seen if digest.startswith(start)]
        if len(found) != 1:
            raise Failed(f"{len(found)} deployed digests start with {start}: see `digests`.")
        return found[0]


@dataclass(frozen=True, slots=True)
class Deployment:
    """What can be done in one place."""

    place: Place
    shell: Shell

    def bootstrap(self, *, yes: bool) -> None:
        """Make what building and Terraform themselves need."""
        project = f"--project={self.place.project}"
        apis = [f"{name}.googleapis.com" for name in FIRST_APIS]
        self.shell.do("gcloud", "services", "enable", *apis, project)
        # Pub/Sub's own account, which moves dead letters, is made at its first use: too late.
        agent = ("beta", "services", "identity", "create", "--service=pubsub.googleapis.com")
        self.shell.do("gcloud", *agent, project)
        if self.shell.dry_run or not self._has_state_bucket():
            self._make_state_bucket()
        targets = [f"-target={name}" for name in FIRST_TARGETS]
        self.apply(f"{self.place.image}@{NO_IMAGE}", *targets, yes=yes)

    def _has_state_bucket(self) -> bool:
        listed = self.shell.read(
            *("gcloud", "storage", "buckets", "list", f"--project={self.place.project}"),
            *(f"--filter=name={self.place.state}", "--format=value(name)"),
        )
        return bool(listed)

    def _make_state_bucket(self) -> None:
        bucket = f"gs://{self.place.state}"
        closed = ("--uniform-bucket-level-access", "--public-access-prevention")
        where = (f"--project={self.place.project}", f"--location={self.place.region}")
        self.shell.do("gcloud", "storage", "buckets", "create", bucket, *where, *closed)
        self.shell.do("gcloud", "storage", "buckets", "update", bucket, "--versioning")

    def build(self, *, rebuild: bool = False) -> str:
        """The image of this source, by digest; built if it was not."""
        tag = archive.fingerprint()
        if self.shell.dry_run:
            self._submit(tag)
            return f"{self.place.image}@{NO_IMAGE}"
        digest = "" if rebuild else self._digest(tag)
        if digest:
            click.echo(f"already built: {self.place.image}:{tag}", err=True)
        else:
            self._submit(tag)
            digest = self._digest(tag)
        if not digest:
            raise Failed(f"The build ended and there is no image {self.place.image}:{tag}.")
        return f"{self.place.image}@{digest}"

    def _submit(self, tag: str) -> None:
        self.shell.do(
            *("gcloud", "builds", "submit", str(archive.ROOT)),
            f"--config={archive.ROOT / 'infra' / 'cloudbuild.yaml'}",
            f"--project={self.place.project}",
            f"--region={self.place.region}",
            f"--service-account={self.place.builder}",
            f"--gcs-source-staging-dir=gs://{self.place.project}-aims-build/source",
            f"--substitutions=_IMAGE={self.place.image},_TAG={tag}",
        )

    def _digest(self, tag: str) -> str:
        return self.shell.read(
            *("gcloud", "artifacts", "docker", "images", "list", self.place.image),
            *("--include-tags", f"--filter=tags:{tag}", "--format=value(version)"),
            *("--sort-by=~createTime", "--limit=1", f"--project={self.place.project}"),
        )

    def apply(self, image: str, *more: str, yes: bool) -> None:
        """Make everything as declared, with this image. Terraform asks unless `yes`."""
        terraform = ("terraform", f"-chdir={TERRAFORM}")
        state = (f"-backend-config=bucket={self.place.state}", "-backend-config=prefix=aims")
        self.shell.do(*terraform, "init", "-input=false", "-reconfigure", *state)
        unasked = ("-input=false", "-auto-approve") if yes else ()
        self.shell.do(
            *(*terraform, "apply", *unasked, *more, *_settings(self.place.project)),
            *("-var", f"project={self.place.project}"),
            *("-var", f"region={self.place.region}"),
            *("-var", f"image={image}"),
        )

    def history(self) -> History:
        """What the revisions of one function say: every deployment gives every function one."""
        service = "aims-" + next(iter(functions().values())).slug
        listed = self.shell.read(
            *("gcloud", "run", "revisions", "list", f"--service={service}", "--format=json"),
            *(f"--project={self.place.project}", f"--region={self.place.region}"),
        )
        runs = sorted(
            (revision["metadata"]["creationTimestamp"], image.rpartition("@")[2])
            for revision in json.loads(listed or "[]")
            if "@sha256:" in (image := revision["spec"]["containers"][0]["image"])
        )
        if not runs:
            raise Failed("Nothing is deployed here.")
        first_seen = {digest: since for since, digest in reversed(runs)}
        oldest_first = dict(sorted(first_seen.items(), key=lambda item: item[1]))
        return History(oldest_first, now=runs[-1][1])

    def kept(self, digest: str) -> str:
        """The image with this digest, which is still in the registry."""
        image = f"{self.place.image}@{digest}"
        project = f"--project={self.place.project}"
        self.shell.read("gcloud", "artifacts", "docker", "images", "describe", image, project)
        return image


def _settings(project: str) -> tuple[str, ...]:
    """The project's own values, where it has a file of them."""
    name = Path(f"{project}.tfvars")
    if (TERRAFORM / name).exists():
        return (f"-var-file={name}",)
    click.echo(f"no terraform/{name}: every setting is the default", err=True)
    return ()

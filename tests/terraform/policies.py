"""What must hold of every plan, one rule a function: a plan in, what breaks the rule out.

`resources(plan, type)` gives the planned values by key of the catalog (`this` without one). A
computed value is a stand-in such as `google_service_account.aims-push.email` (provider/serve.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from shared.errors import Invalid
from shared.runtime.catalog import Function, functions
from shared.runtime.settings import TABLE, load
from tests.terraform.workspace import Plan

Values = dict[str, Any]
Broken = Iterator[str]

AGENT = "gcp-sa-pubsub"
PUSH = "google_service_account.aims-push"
FOR_ALL = ("allUsers", "allAuthenticatedUsers")
RUNTIME = {"FUNCTION_TARGET", "THREADS"}  # read by functions-framework, not by the settings

MODEL_CALLER = "projects/demo/roles/aimsModelCaller"
METRICS_WRITER = "projects/demo/roles/aimsMetricsWriter"
PROJECT_ROLES = {
    "roles/bigquery.jobUser",
    "roles/datastore.user",
    "roles/logging.logWriter",
    MODEL_CALLER,
}
OWN_PERMISSIONS = {
    "aiplatform.endpoints.predict",
    "bigquery.datasets.get",
    "bigquery.tables.get",
    "bigquery.tables.getData",
    "bigquery.tables.updateData",
}
PORT_ROLES = {
    "documents": {("project", "roles/datastore.user")},
    "warehouse": {
        ("project", "roles/bigquery.jobUser"),
        ("dataset marketing", "roles/bigquery.dataViewer"),
    },
    "warehouse-write": {
        ("project", "roles/bigquery.jobUser"),
        ("dataset marketing", METRICS_WRITER),
        ("dataset marketing_staging", "roles/bigquery.dataEditor"),
    },
    "model": {("project", MODEL_CALLER)},
    "mail": {("secret smtp-password", "roles/secretmanager.secretAccessor")},
    "secrets": {("secret unsubscribe-key", "roles/secretmanager.secretAccessor")},
    "webhooks": set(),
}
GRANTED_ON: dict[str, Callable[[Values], str]] = {
    "google_project_iam_member": lambda v: "project",
    "google_bigquery_dataset_iam_member": lambda v: f"dataset {v['dataset_id']}",
    "google_secret_manager_secret_iam_member": lambda v: f"secret {_label(v['secret_id'])}",
    "google_pubsub_topic_iam_member": lambda v: f"topic {_label(v['topic'])}",
    "google_cloud_run_v2_service_iam_member": lambda v: f"service {v['name']}",
}


def _label(stand_in: str) -> str:
    return stand_in.split(".")[1]


def everything(plan: Plan) -> list[Values]:
    """Every planned resource: address, type, name, index, values."""
    return plan["planned_values"]["root_module"]["resources"]


def resources(plan: Plan, kind: str, name: str | None = None) -> dict[str, Values]:
    """The planned values of a type (of one declaration), by key."""
    return {
        str(r.get("index", "this")): r["values"]
        for r in everything(plan)
        if r["type"] == kind and r["mode"] == "managed" and name in (None, r["name"])
    }


def _account(name: str) -> str:
    return f"google_service_account.aims-{name.replace('_', '-')}"


def _differ(what: str, found: object, wanted: object) -> Broken:
    if found != wanted:
        yield f"{what}: {found} instead of {wanted}"


def every_row_has_what_it_needs(plan: Plan) -> Broken:
    timed = {name: f.schedule for name, f in functions().items() if f.schedule}
    heard = {name: f.topic for name, f in functions().items() if f.topic}
    jobs = resources(plan, "google_cloud_scheduler_job")
    pushes = resources(plan, "google_pubsub_subscription", "functions")
    services = resources(plan, "google_cloud_run_v2_service")
    yield from _differ("services", set(services), set(functions()))
    accounts = resources(plan, "google_service_account", "functions")
    yield from _differ("accounts", set(accounts), set(functions()))
    yield from _differ("jobs", {name: job["schedule"] for name, job in jobs.items()}, timed)
    topics = {name: _label(push["topic"]) for name, push in pushes.items()}
    yield from _differ("subscriptions", topics, heard)
    for name, service in services.items():
        slug = name.replace("_", "-")
        yield from _differ(name, service["name"], f"aims-{slug}")
        runs_as = service["template"][0]["service_account"]
        yield from _differ(name, runs_as, f"{_account(name)}.email")


def a_service_gets_what_its_row_says(plan: Plan) -> Broken:
    for name, service in resources(plan, "google_cloud_run_v2_service").items():
        row, template = functions()[name], service["template"][0]
        limits = template["containers"][0]["resources"][0]["limits"]
        yield from _differ(f"{name} memory", limits["memory"], row.memory)
        yield from _differ(f"{name} timeout", template["timeout"], f"{row.timeout}s")
        taken = template["max_instance_request_concurrency"]
        yield from _differ(f"{name} concurrency", taken, row.concurrency)
        audiences = ["aims-events"] if row.topic else []
        yield from _differ(f"{name} audiences", service["custom_audiences"] or [], audiences)


def only_what_is_meant_is_public(plan: Plan) -> Broken:
    meant = {f"aims-{n.replace('_', '-')}" for n, f in functions().items() if f.invoker == "public"}
    opened = set()
    for resource in everything(plan):
        values = resource["values"]
        if any(f'"{word}"' in json.dumps(values) for word in FOR_ALL):
            opened.add(values.get("name", resource["address"]))
            yield from _differ(resource["address"], values.get("role"), "roles/run.invoker")
        if values.get("invoker_iam_disabled"):
            opened.add(values["name"])
    yield from _differ("open to everybody", opened, meant)


def nobody_reaches_an_event_function_but_pubsub(plan: Plan) -> Broken:
    events = {name for name, f in functions().items() if f.topic}
    door = "google_compute_url_map" in {r["type"] for r in everything(plan)}
    public = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER" if door else "INGRESS_TRAFFIC_ALL"
    for name, service in resources(plan, "google_cloud_run_v2_service").items():
        wanted = "INGRESS_TRAFFIC_INTERNAL_ONLY" if name in events else public
        yield from _differ(f"{name} ingress", service["ingress"], wanted)
    pushing = {
        name
        for name, grant in resources(plan, "google_cloud_run_v2_service_iam_member", "push").items()
        if grant["member"] == f"{PUSH}.member" and grant["role"] == "roles/run.invoker"
    }
    yield from _differ("called by aims-push", pushing, events)


def no_role_is_broad(plan: Plan) -> Broken:
    for resource in everything(plan):
        role = resource["values"].get("role")
        if not isinstance(role, str):
            continue
        if role in ("roles/owner", "roles/editor", "roles/viewer") or "admin" in role.lower():
            yield f"{resource['address']} grants {role}"
        if resource["type"] == "google_project_iam_member" and role not in PROJECT_ROLES:
            yield f"{resource['address']} grants {role} on the whole project"
    own = resources(plan, "google_project_iam_custom_role").values()
    permissions = {permission for role in own for permission in role["permissions"]}
    yield from _differ("permissions of our own roles", permissions, OWN_PERMISSIONS)
    for key, grant in resources(plan, "google_project_iam_member").items():
        if grant["role"] == "roles/datastore.user" and not grant["condition"]:
            yield f"{key} reaches every database"


def _needed(row: Function) -> set[tuple[str, str]]:
    ports = set().union(*(PORT_ROLES[port] for port in row.uses)) if row.uses else set()
    return ports | {(f"topic {topic}", "roles/pubsub.publisher") for topic in row.publishes}


def an_account_may_do_what_its_row_uses_and_no_more(plan: Plan) -> Broken:
    for name, row in functions().items():
        granted = {
            (GRANTED_ON[r["type"]](r["values"]), r["values"]["role"])
            for r in everything(plan)
            if "role" in r["values"] and r["values"]["member"] == f"{_account(name)}.member"
        }
        yield from _differ(name, granted, _needed(row))


def no_message_is_lost(plan: Plan) -> Broken:
    for name, push in resources(plan, "google_pubsub_subscription", "functions").items():
        retry, dead = push["retry_policy"], push["dead_letter_policy"]
        backoff = [(r["minimum_backoff"], r["maximum_backoff"]) for r in retry]
        yield from _differ(f"{name} retries", backoff, [("10s", "600s")])
        waiting = [(_label(d["dead_letter_topic"]), d["max_delivery_attempts"]) for d in dead]
        own = f"{_label(push['topic'])}-dead-letter"
        yield from _differ(f"{name} dead letters", waiting, [(own, 20)])
    for name, kept in resources(plan, "google_pubsub_subscription").items():
        yield from _differ(f"{name} expires", kept["expiration_policy"], [{"ttl": ""}])


def a_dead_letter_is_kept_and_may_be_moved(plan: Plan) -> Broken:
    topics = {t["name"] for t in resources(plan, "google_pubsub_topic", "dead_letters").values()}
    kept = resources(plan, "google_pubsub_subscription", "dead_letters").values()
    yield from _differ(
        "kept", {(_label(k["topic"]), k["name"]) for k in kept}, {(t, t) for t in topics}
    )
    yield from _differ("for 31 days", {k["message_retention_duration"] for k in kept}, {"2678400s"})
    published = resources(plan, "google_pubsub_topic_iam_member", "dead_letters").values()
    into = {_label(g["topic"]) for g in published if AGENT in g["member"]}
    yield from _differ("moved to", into, topics)
    acknowledged = resources(plan, "google_pubsub_subscription_iam_member").values()
    out_of = {g["subscription"] for g in acknowledged if AGENT in g["member"]}
    pushes = resources(plan, "google_pubsub_subscription", "functions").values()
    yield from _differ("moved from", out_of, {p["name"] for p in pushes})


def a_push_shows_who_it_is(plan: Plan) -> Broken:
    for name, push in resources(plan, "google_pubsub_subscription", "functions").items():
        given = push["push_config"][0]
        service = f"google_cloud_run_v2_service.aims-{name.replace('_', '-')}.uri"
        yield from _differ(name, given["push_endpoint"], f"{service}/events/{name}")
        token = {"audience": "aims-events", "service_account_email": f"{PUSH}.email"}
        yield from _differ(name, given["oidc_token"], [token])
    signs = resources(plan, "google_service_account_iam_member").values()
    wanted = ("roles/iam.serviceAccountTokenCreator", f"{PUSH}.name", True)
    found = {(g["role"], g["service_account_id"], AGENT in g["member"]) for g in signs}
    yield from _differ("who signs", found, {wanted})


def every_setting_is_a_known_one(plan: Plan) -> Broken:
    known = {setting.variable for setting in TABLE} | RUNTIME
    for name, service in resources(plan, "google_cloud_run_v2_service").items():
        container = service["template"][0]["containers"][0]
        given = {env["name"]: env["value"] for env in container["env"]}
        yield from (f"{name} sets {unknown}" for unknown in sorted(given.keys() - known))
        yield from _differ(f"{name} target", given["FUNCTION_TARGET"], name)
        yield from _differ(f"{name} threads", given["THREADS"], str(functions()[name].concurrency))
        try:
            load({**given, "K_SERVICE": service["name"]})
        except Invalid as wrong:
            yield f"{name} would not start: {wrong.detail}"


def no_secret_is_in_a_declaration(plan: Plan) -> Broken:
    yield from (
        f"{key} has a value" for key in resources(plan, "google_secret_manager_secret_version")
    )
    for name, service in resources(plan, "google_cloud_run_v2_service").items():
        for env in service["template"][0]["containers"][0]["env"]:
            if "PASSWORD" in env["name"] and not env["name"].endswith("_SECRET"):
                yield f"{name} has {env['name']} among its settings"


def all_services_run_one_digest(plan: Plan) -> Broken:
    services = resources(plan, "google_cloud_run_v2_service").values()
    images = {c["image"] for s in services for c in s["template"][0]["containers"]}
    if len(images) != 1 or "@sha256:" not in images.pop():
        yield "the services do not run one image by its digest"


def what_holds_data_is_hard_to_destroy(plan: Plan) -> Broken:
    for kind in ("google_cloud_run_v2_service", "google_bigquery_table"):
        for name, values in resources(plan, kind).items():
            yield from _differ(f"{name} protected", values["deletion_protection"], True)
    for name, database in resources(plan, "google_firestore_database").items():
        protected = (
            database["delete_protection_state"],
            database["point_in_time_recovery_enablement"],
        )
        wanted = "DELETE_PROTECTION_ENABLED", "POINT_IN_TIME_RECOVERY_ENABLED"
        yield from _differ(f"{name} protected", protected, wanted)
    for name, bucket in resources(plan, "google_storage_bucket").items():
        closed = bucket["uniform_bucket_level_access"], bucket["public_access_prevention"]
        yield from _differ(f"{name} closed", closed, (True, "enforced"))


def a_large_table_is_read_by_the_day(plan: Plan) -> Broken:
    for name, table in resources(plan, "google_bigquery_table").items():
        by_day = bool(table["time_partitioning"])
        yield from _differ(f"{name} filter", table["require_partition_filter"], by_day)
        yield from _differ(f"{name} tenant first", (table["clustering"] or [None])[0], "project_id")


RULES = (
    every_row_has_what_it_needs,
    a_service_gets_what_its_row_says,
    only_what_is_meant_is_public,
    nobody_reaches_an_event_function_but_pubsub,
    no_role_is_broad,
    an_account_may_do_what_its_row_uses_and_no_more,
    no_message_is_lost,
    a_dead_letter_is_kept_and_may_be_moved,
    a_push_shows_who_it_is,
    every_setting_is_a_known_one,
    no_secret_is_in_a_declaration,
    all_services_run_one_digest,
    what_holds_data_is_hard_to_destroy,
    a_large_table_is_read_by_the_day,
)

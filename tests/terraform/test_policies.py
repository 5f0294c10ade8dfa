"""The rules of policies.py hold of the plan, and each of them notices when it is broken."""

from __future__ import annotations

import json

import pytest

from tests.terraform import policies
from tests.terraform.policies import RULES

WITH_A_DOOR = {"domain": "aims.example.com", "front_door_only": "true"}
NAMES = [rule.__name__ for rule in RULES]


@pytest.mark.parametrize("variables", [{}, WITH_A_DOOR], ids=["bare", "front_door"])
@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_the_plan_keeps_the_rule(planned, rule, variables):
    assert list(rule(planned(**variables))) == []


# Rule → what in the plan's JSON is changed into what for it to be broken.
BROKEN = {
    policies.every_row_has_what_it_needs: ('"schedule": "', '"schedule": "0 '),
    policies.a_service_gets_what_its_row_says: ('"timeout": "60s"', '"timeout": "61s"'),
    policies.only_what_is_meant_is_public: (
        '"member": "google_service_account.aims-push.member"', '"member": "allUsers"',
    ),
    policies.nobody_reaches_an_event_function_but_pubsub: (
        "INGRESS_TRAFFIC_INTERNAL_ONLY", "INGRESS_TRAFFIC_ALL",
    ),
    policies.no_role_is_broad: ("roles/logging.logWriter", "roles/editor"),
    policies.an_account_may_do_what_its_row_uses_and_no_more: (
        "roles/bigquery.dataViewer", "roles/bigquery.dataEditor",
    ),
    policies.no_message_is_lost: ('"ttl": ""', '"ttl": "2678400s"'),
    policies.a_dead_letter_is_kept_and_may_be_moved: ("@gcp-sa-pubsub", "@somebody-else"),
    policies.a_push_shows_who_it_is: ('"audience": "aims-events"', '"audience": "anybody"'),
    policies.every_setting_is_a_known_one: ('"AIMS_LOG_LEVEL"', '"AIMS_LOUDNESS"'),
    policies.no_secret_is_in_a_declaration: ('"AIMS_LOG_LEVEL"', '"AIMS_SMTP_PASSWORD"'),
    policies.all_services_run_one_digest: ("@sha256:", ":v"),
    policies.what_holds_data_is_hard_to_destroy: ('"enforced"', '"inherited"'),
    policies.a_large_table_is_read_by_the_day: (
        '"require_partition_filter": true', '"require_partition_filter": false',
    ),
}  # fmt: skip


def test_every_rule_is_shown_to_notice():
    assert set(BROKEN) == set(RULES)


def test_a_function_that_cloud_run_opens_to_all_is_noticed(planned):
    opened = planned(invoker_iam_disabled=("pubsub",))
    assert list(policies.only_what_is_meant_is_public(opened))


@pytest.mark.parametrize(("rule", "change"), BROKEN.items(), ids=[r.__name__ for r in BROKEN])
def test_a_rule_notices_when_it_is_broken(planned, rule, change):
    text = json.dumps(planned())
    assert change[0] in text
    assert list(rule(json.loads(text.replace(*change))))

# What a plan holds, without a cloud: `terraform test` with every provider value made up. Values that
# only Google knows stay unknown here, as they do on a first apply.

mock_provider "google" {}

variables {
  project = "demo"
  image   = "europe-west1-docker.pkg.dev/demo/aims/suite@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
}

run "the_catalog_of_the_suite" {
  command = plan

  assert {
    condition     = toset(keys(google_cloud_run_v2_service.functions)) == toset(keys(local.functions)) && length(local.functions) > 0
    error_message = "Every row of the catalog is a service."
  }
  assert {
    condition     = length(google_compute_url_map.front_door) == 0 && length(google_billing_budget.monthly) == 0
    error_message = "Without a domain there is no front door, without a billing account no budget."
  }
}

run "rows_of_every_kind" {
  command = plan

  variables {
    catalog             = "tests/catalog.yaml"
    domain              = "aims.example.com"
    billing_account     = "000000-000000-000000"
    alert_emails        = ["ops@example.com"]
    data_retention_days = 400
    min_instances       = { reports = 1 }
  }

  assert {
    condition     = { for name, job in google_cloud_scheduler_job.functions : name => job.schedule } == { daily_scan = "0 6 * * *", weekly_mail = "0 8 * * 1" }
    error_message = "A row with a schedule has its job, and no other row has one."
  }
  assert {
    condition     = { for name, s in google_pubsub_subscription.functions : name => s.ack_deadline_seconds } == { daily_scan = 600, weekly_mail = 10, listener = 60 }
    error_message = "A deadline for acknowledging is the timeout, as far as Pub/Sub allows it."
  }
  assert {
    condition     = toset(keys(google_pubsub_topic.topics)) == toset(["findings", "mail-requests", "scan-requests"])
    error_message = "There is a topic for all that is heard or published."
  }
  assert {
    condition     = toset(keys(google_secret_manager_secret_iam_member.functions)) == toset(["weekly_mail roles/secretmanager.secretAccessor on smtp-password", "weekly_mail roles/secretmanager.secretAccessor on unsubscribe-key"])
    error_message = "Only who sends mail may read the mail server's password, only who uses secrets the key of links."
  }
  assert {
    condition     = [for env in google_cloud_run_v2_service.functions["weekly_mail"].template[0].containers[0].env : env.value if env.name == "AIMS_PUBLIC_URL"] == ["https://aims.example.com"]
    error_message = "Mail links to the domain."
  }
  assert {
    condition     = google_cloud_run_v2_service.functions["reports"].template[0].scaling[0].min_instance_count == 1 && google_cloud_run_v2_service.functions["listener"].template[0].scaling[0].min_instance_count == 0
    error_message = "Only the functions that are named are kept warm."
  }
  assert {
    condition     = [for rule in google_compute_url_map.front_door["this"].path_matcher[0].route_rules : coalesce(rule.match_rules[0].full_path_match, rule.match_rules[0].path_template_match)] == ["/healthz", "/v1/projects/*/reports/latest", "/v1/projects/*/reports/*"]
    error_message = "What is written out is matched before what is a parameter."
  }
  assert {
    condition     = google_bigquery_table.marketing["channel_daily"].time_partitioning[0].expiration_ms == 34560000000
    error_message = "A day's metrics are kept for as long as was said."
  }
  assert {
    condition     = length(google_billing_budget.monthly) == 1 && length(google_monitoring_notification_channel.emails) == 1
    error_message = "A billing account has its budget, an address its channel."
  }
}

run "an_image_by_tag_is_refused" {
  command = plan
  variables {
    image = "europe-west1-docker.pkg.dev/demo/aims/suite:latest"
  }
  expect_failures = [var.image]
}

run "too_short_a_retention_is_refused" {
  command = plan
  variables {
    data_retention_days = 30
  }
  expect_failures = [var.data_retention_days]
}

run "an_address_with_a_query_is_refused" {
  command = plan
  variables {
    public_url = "https://aims.example.com/?x=1"
  }
  expect_failures = [var.public_url]
}

run "an_unknown_function_is_not_kept_warm" {
  command = plan
  variables {
    min_instances = { no_such_function = 1 }
  }
  expect_failures = [output.services]
}

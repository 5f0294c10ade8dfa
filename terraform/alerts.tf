# What wakes somebody up, and what things cost.

locals {
  # Log lines worth counting; shared/runtime/log.py writes these fields. One with a title is also
  # an alert: the first such line wakes somebody up, by what it is `of_what`.
  counted_lines = {
    bugs = {
      description = "Faults of ours: unexpected errors in a function"
      filter      = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=~\"^aims-\" AND severity=ERROR AND jsonPayload.message=\"unexpected error\""
      title       = "A fault of ours"
      advice      = "A function met an error it does not know. The log line carries its type and frames, and the request id that the caller was told."
      of_what     = ["cloud_run_revision", "service_name"]
    }
    rate-limited = {
      description = "Calls refused because a user made too many"
      filter      = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=~\"^aims-\" AND jsonPayload.message=\"request\" AND jsonPayload.status=429"
    }
    failed-events = {
      description = "Messages that can never succeed: acknowledged and kept under failures"
      filter      = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=~\"^aims-\" AND jsonPayload.outcome=~\"^failed: \""
      title       = "A message can never succeed"
      advice      = "A function acknowledged a message that it cannot use and kept it under failures for 30 days: projects/{project}/failures, or failures where it names no project. Read it there; once the cause is gone, publish it again."
      of_what     = ["cloud_run_revision", "service_name"]
    }
    unsigned-summaries = {
      description = "Summaries put off because no key signs links to unsubscribe"
      filter      = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=~\"^aims-\" AND severity=ERROR AND jsonPayload.message=\"a summary waits for a key that signs links to unsubscribe\""
      title       = "Summaries wait for a key"
      advice      = "The secret unsubscribe-key holds no line of 32 bytes or more. Add a version: each summary is tried again every hour for three days, and is then kept under failures."
      of_what     = ["cloud_run_revision", "service_name"]
    }
    failed-schedules = {
      description = "Scheduler jobs that could not publish their message"
      filter      = "resource.type=\"cloud_scheduler_job\" AND resource.labels.job_id=~\"^aims-\" AND severity>=ERROR"
      title       = "A schedule did not fire"
      advice      = "Cloud Scheduler could not publish to a function's topic. Run the job by hand once the cause is gone."
      of_what     = ["cloud_scheduler_job", "job_id"]
    }
  }

  our_services = "resource.type = \"cloud_run_revision\" AND resource.labels.service_name = monitoring.regex.full_match(\"aims-.*\")"
  # Imports and events work for minutes at a time; all else answers a person who waits.
  quick_services = "resource.type = \"cloud_run_revision\" AND resource.labels.service_name = monitoring.regex.full_match(\"${join("|", [for f in values(local.functions) : f.service if f.timeout <= 60])}\")"
  slow_services  = "resource.type = \"cloud_run_revision\" AND resource.labels.service_name = monitoring.regex.full_match(\"${join("|", [for f in values(local.functions) : f.service if f.timeout > 60])}\")"

  our_subscriptions = "resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = monitoring.regex.full_match(\"${join("|", [for f in values(local.event_functions) : f.slug])}\")"
  our_dead_letters  = "resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = monitoring.regex.full_match(\".*-dead-letter\")"

  one_line = { of = null, over = 0, per = "300s", lasting = "0s", aligned = "ALIGN_DELTA", reduced = "REDUCE_SUM" }
  line_alerts = {
    for name, line in local.counted_lines : name => merge(line, local.one_line, {
      filter = "resource.type = \"${line.of_what[0]}\" AND metric.type = \"logging.googleapis.com/user/${google_logging_metric.lines[name].name}\""
      by     = ["resource.label.${line.of_what[1]}"]
    }) if can(line.title)
  }

  # One policy each: `per` is the period that is looked at, `over` what must be passed in it.
  alerts = {
    errors = {
      title   = "A function answers with errors"
      advice  = "More than 5 % of a function's answers were 5xx for ten minutes. Its log lines with severity ERROR name the operation; Pub/Sub retries what events lost."
      filter  = "${local.our_services} AND metric.type = \"run.googleapis.com/request_count\" AND metric.labels.response_code_class = \"5xx\""
      of      = "${local.our_services} AND metric.type = \"run.googleapis.com/request_count\""
      over    = 0.05
      per     = "300s"
      lasting = "600s"
      aligned = "ALIGN_RATE"
      reduced = "REDUCE_SUM"
      by      = ["resource.label.service_name"]
    }
    latency = {
      title   = "A function is slow"
      advice  = "95 % of a function's answers took more than ten seconds for fifteen minutes. Look at latency_ms by operation, then at BigQuery's and the model's own latency."
      filter  = "${local.quick_services} AND metric.type = \"run.googleapis.com/request_latencies\""
      of      = null
      over    = 10000
      per     = "300s"
      lasting = "900s"
      aligned = "ALIGN_PERCENTILE_95"
      reduced = "REDUCE_MAX"
      by      = ["resource.label.service_name"]
    }
    slow-work = {
      title   = "An import or an event is slow"
      advice  = "95 % of the answers of a function that does long work took more than a minute and a half, for fifteen minutes. BigQuery runs two changes of a table at a time and lets the others wait."
      filter  = "${local.slow_services} AND metric.type = \"run.googleapis.com/request_latencies\""
      of      = null
      over    = 90000
      per     = "300s"
      lasting = "900s"
      aligned = "ALIGN_PERCENTILE_95"
      reduced = "REDUCE_MAX"
      by      = ["resource.label.service_name"]
    }
    dead-letters = {
      title   = "A message was given up"
      advice  = "A function refused a message twenty times. Read it from the dead-letter subscription, mend the cause, publish it again to its topic: what was done already is recognised by its event id."
      filter  = "${local.our_dead_letters} AND metric.type = \"pubsub.googleapis.com/subscription/num_undelivered_messages\""
      of      = null
      over    = 0
      per     = "60s"
      lasting = "0s"
      aligned = "ALIGN_MAX"
      reduced = "REDUCE_MAX"
      by      = ["resource.label.subscription_id"]
    }
    backlog = {
      title   = "Messages are waiting"
      advice  = "The oldest message of a subscription has waited for half an hour. Its function is failing, or it needs more instances."
      filter  = "${local.our_subscriptions} AND metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\""
      of      = null
      over    = 1800
      per     = "60s"
      lasting = "300s"
      aligned = "ALIGN_MAX"
      reduced = "REDUCE_MAX"
      by      = ["resource.label.subscription_id"]
    }
    scanned = {
      title   = "BigQuery bills more than usual"
      advice  = "More was scanned in a day than daily_scanned_gib allows for. No single question may scan more than 1 GiB: look for a caller or a schedule that repeats."
      filter  = "resource.type = \"global\" AND metric.type = \"bigquery.googleapis.com/query/scanned_bytes_billed\""
      of      = null
      over    = var.daily_scanned_gib * 1024 * 1024 * 1024
      per     = "86400s"
      lasting = "0s"
      aligned = "ALIGN_SUM"
      reduced = "REDUCE_SUM"
      by      = []
    }
    tokens = {
      title   = "Models are asked more than usual"
      advice  = "More tokens were used in a day than daily_model_tokens allows for. projects/*/model_usage says which project asked."
      filter  = "resource.type = \"aiplatform.googleapis.com/PublisherModel\" AND metric.type = \"aiplatform.googleapis.com/publisher/online_serving/token_count\""
      of      = null
      over    = var.daily_model_tokens
      per     = "86400s"
      lasting = "0s"
      aligned = "ALIGN_SUM"
      reduced = "REDUCE_SUM"
      by      = []
    }
  }
}

resource "google_logging_metric" "lines" {
  for_each = local.counted_lines

  name        = "aims-${each.key}"
  description = each.value.description
  filter      = each.value.filter

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
  }

  depends_on = [google_project_service.this]
}

resource "google_monitoring_notification_channel" "emails" {
  for_each = toset(var.alert_emails)

  display_name = "AIMS ${each.key}"
  type         = "email"
  labels       = { email_address = each.key }
  user_labels  = local.labels

  depends_on = [google_project_service.this]
}

resource "google_monitoring_alert_policy" "alerts" {
  for_each = merge(local.alerts, local.line_alerts)

  display_name          = "AIMS: ${each.value.title}"
  combiner              = "OR"
  notification_channels = [for channel in google_monitoring_notification_channel.emails : channel.id]
  user_labels           = local.labels

  documentation {
    content   = each.value.advice
    mime_type = "text/markdown"
  }

  conditions {
    display_name = each.value.title

    condition_threshold {
      filter             = each.value.filter
      denominator_filter = each.value.of
      comparison         = "COMPARISON_GT"
      threshold_value    = each.value.over
      duration           = each.value.lasting

      aggregations {
        alignment_period     = each.value.per
        per_series_aligner   = each.value.aligned
        cross_series_reducer = each.value.reduced
        group_by_fields      = each.value.by
      }

      dynamic "denominator_aggregations" {
        for_each = each.value.of == null ? [] : [each.value]
        content {
          alignment_period     = each.value.per
          per_series_aligner   = each.value.aligned
          cross_series_reducer = each.value.reduced
          group_by_fields      = each.value.by
        }
      }
    }
  }
}

resource "google_billing_budget" "monthly" {
  for_each = var.billing_account == null ? {} : { this = var.billing_account }

  billing_account = each.value
  display_name    = "AIMS"

  budget_filter {
    projects = ["projects/${data.google_project.this.number}"]
  }

  amount {
    specified_amount {
      units = tostring(var.monthly_budget) # in the billing account's own currency
    }
  }

  threshold_rules {
    threshold_percent = 0.5
  }
  threshold_rules {
    threshold_percent = 0.9
  }
  threshold_rules {
    threshold_percent = 1.0
    spend_basis       = "FORECASTED_SPEND"
  }

  dynamic "all_updates_rule" {
    for_each = length(var.alert_emails) == 0 ? [] : [min(5, length(var.alert_emails))]
    content {
      monitoring_notification_channels = slice([for channel in google_monitoring_notification_channel.emails : channel.id], 0, all_updates_rule.value)
    }
  }

  depends_on = [google_project_service.this]
}

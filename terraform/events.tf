# Topics, the push subscriptions that bring their messages to functions, and what becomes of a
# message that no function takes: after twenty attempts, about two and a half hours, it waits at <topic>-dead-letter for a person.

locals {
  event_audience = "aims-events"
  week           = "604800s"  # the event edge keeps its receipts for twice as long
  month          = "2678400s" # 31 days, the most there is

  topics = toset(flatten([
    [for f in values(local.event_functions) : f.topic], [for f in values(local.functions) : f.publishes]
  ]))
  subscribed_topics = toset([for f in values(local.event_functions) : f.topic])
}

resource "google_pubsub_topic" "topics" {
  for_each = local.topics

  name = each.key
  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  depends_on = [google_project_service.this]
}

resource "google_pubsub_subscription" "functions" {
  for_each = local.event_functions

  name                       = each.value.slug
  topic                      = google_pubsub_topic.topics[each.value.topic].id
  ack_deadline_seconds       = max(10, min(600, each.value.timeout))
  message_retention_duration = local.week

  expiration_policy {
    ttl = "" # never
  }

  push_config {
    push_endpoint = "${google_cloud_run_v2_service.functions[each.key].uri}/events/${each.key}"
    oidc_token {
      service_account_email = google_service_account.push.email
      audience              = local.event_audience
    }
  }

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead_letters[each.value.topic].id
    max_delivery_attempts = 20
  }

  depends_on = [google_cloud_run_v2_service_iam_member.push, google_pubsub_topic_iam_member.dead_letters]
}

resource "google_pubsub_topic" "dead_letters" {
  for_each = local.subscribed_topics

  name = "${each.key}-dead-letter"
  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  depends_on = [google_project_service.this]
}

# Without a subscription a dead letter would vanish.
resource "google_pubsub_subscription" "dead_letters" {
  for_each = local.subscribed_topics

  name                       = "${each.key}-dead-letter"
  topic                      = google_pubsub_topic.dead_letters[each.key].id
  ack_deadline_seconds       = 60
  message_retention_duration = local.month

  expiration_policy {
    ttl = "" # never
  }
}

# Pub/Sub itself moves the message: it publishes here and acknowledges there.

resource "google_pubsub_topic_iam_member" "dead_letters" {
  for_each = local.subscribed_topics

  topic  = google_pubsub_topic.dead_letters[each.key].id
  role   = "roles/pubsub.publisher"
  member = local.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "dead_letters" {
  for_each = local.event_functions

  subscription = google_pubsub_subscription.functions[each.key].name
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}

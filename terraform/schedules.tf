# The clock of timed functions: each firing is one message to the function's topic. `python -m
# infra.schedules` keeps the very same jobs where Terraform does not.

resource "google_cloud_scheduler_job" "functions" {
  for_each = local.timed_functions

  name        = each.value.service
  description = each.value.summary
  region      = var.region
  schedule    = each.value.schedule
  time_zone   = "Etc/UTC"

  pubsub_target {
    topic_name = google_pubsub_topic.topics[each.value.topic].id
    # As it is, byte for byte: jsonencode would sort the keys.
    data       = base64encode("{\"schema_version\":1,\"type\":\"Scheduled\",\"body\":{}}")
    attributes = { type = "Scheduled" }
  }

  retry_config {
    retry_count          = 5
    min_backoff_duration = "30s"
    max_backoff_duration = "600s"
    max_doublings        = 5
  }
}

# One Cloud Run service for each catalog row, all from one image: build once, run many.
#
# Cloud Run takes at most 32 MiB in an HTTP/1 request, and the functions speak HTTP/1 (gunicorn has
# no cleartext HTTP/2). An upload over 32 MiB is refused by the platform before it reaches us, though
# the suite itself would take 64 MiB: larger files are imported in parts.

locals {
  # Read by shared/runtime/settings.py, the same for every function.
  settings = {
    AIMS_PLATFORM               = "google"
    AIMS_GOOGLE_PROJECT         = var.project
    AIMS_FIRESTORE_DATABASE     = google_firestore_database.documents.name
    AIMS_WAREHOUSE              = "bigquery"
    AIMS_BIGQUERY_DATASET       = google_bigquery_dataset.marketing.dataset_id
    AIMS_BIGQUERY_LOCATION      = var.location
    AIMS_MODEL                  = var.model
    AIMS_MODEL_LOCATION         = var.model_location
    AIMS_TOKEN_ISSUER           = coalesce(var.token_issuer, "https://securetoken.google.com/${var.project}")
    AIMS_TOKEN_AUDIENCE         = coalesce(var.token_audience, var.project)
    AIMS_TOKEN_KEYS             = var.token_keys
    AIMS_EVENT_ISSUER           = "https://accounts.google.com"
    AIMS_EVENT_AUDIENCE         = local.event_audience
    AIMS_EVENT_KEYS             = "https://www.googleapis.com/oauth2/v3/certs"
    AIMS_EVENT_CALLER           = google_service_account.push.email
    AIMS_PUBLIC_URL             = var.public_url != null ? var.public_url : var.domain == null ? "" : "https://${var.domain}"
    AIMS_CORS_ORIGINS           = join(",", var.cors_origins)
    AIMS_AI_OPERATIONS_PER_HOUR = tostring(var.ai_operations_per_hour)
    AIMS_LOG_LEVEL              = var.log_level
  }

  # Read by those that send mail. The password is none of them: it is read from its secret by name.
  mail_settings = {
    AIMS_SMTP_HOST            = var.smtp_host
    AIMS_SMTP_PORT            = tostring(var.smtp_port)
    AIMS_SMTP_USER            = var.smtp_user
    AIMS_SMTP_FROM            = var.smtp_from
    AIMS_SMTP_PASSWORD_SECRET = google_secret_manager_secret.secrets["smtp-password"].secret_id
  }
}

resource "google_cloud_run_v2_service" "functions" {
  for_each = local.functions

  name                = each.value.service
  description         = each.value.summary
  location            = var.region
  deletion_protection = var.deletion_protection

  # Only Pub/Sub of this project reaches an event function; the front door may be the only way to a
  # public function, so that its rate limit cannot be walked around.
  ingress = (
    each.value.invoker != "public" ? "INGRESS_TRAFFIC_INTERNAL_ONLY" :
    var.domain == null || !var.front_door_only ? "INGRESS_TRAFFIC_ALL" : "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
  )
  invoker_iam_disabled = contains(var.invoker_iam_disabled, each.value.invoker)
  custom_audiences     = each.value.topic == null ? [] : [local.event_audience]

  template {
    service_account                  = google_service_account.functions[each.key].email
    timeout                          = "${each.value.timeout}s"
    max_instance_request_concurrency = each.value.concurrency

    scaling {
      min_instance_count = lookup(var.min_instances, each.key, 0)
      max_instance_count = var.max_instances
    }

    containers {
      image = var.image

      resources {
        limits            = { cpu = "1", memory = each.value.memory }
        cpu_idle          = true # paid for by request, not by lifetime
        startup_cpu_boost = true
      }

      ports {
        container_port = 8080
      }

      # The server listens once the function's door is loaded; no path answers in every function.
      startup_probe {
        period_seconds    = 1
        timeout_seconds   = 1
        failure_threshold = 60
        tcp_socket {
          port = 8080
        }
      }

      dynamic "env" {
        for_each = merge(
          local.settings,
          contains(each.value.uses, "mail") ? local.mail_settings : {},
          {
            FUNCTION_TARGET = each.key
            # As many threads as requests: with fewer the rest would queue inside the instance.
            THREADS = tostring(each.value.concurrency)
          },
        )
        content {
          name  = env.key
          value = env.value
        }
      }
    }
  }

  lifecycle {
    precondition {
      condition     = contains(["public", "pubsub"], each.value.invoker) && (each.value.invoker == "pubsub") == (each.value.topic != null)
      error_message = "${each.key}: who has a topic is called by pubsub, everybody else is public."
    }
    precondition {
      condition     = length(each.value.service) <= 30
      error_message = "${each.key}: the name of a service account has at most 30 characters, with aims- before it."
    }
  }

  depends_on = [google_project_service.this]
}

# The functions check ID tokens themselves; Cloud Run lets everybody through to the public ones.
resource "google_cloud_run_v2_service_iam_member" "public" {
  for_each = contains(var.invoker_iam_disabled, "public") ? {} : local.public_functions

  name     = google_cloud_run_v2_service.functions[each.key].name
  location = var.region
  role     = "roles/run.invoker"
  member   = "allUsers"
}

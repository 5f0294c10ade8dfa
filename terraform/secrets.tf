# Secrets are containers only: a value in a declaration would stand in the state, so a person adds it:
#
#   gcloud secrets versions add smtp-password --data-file=-
#
# Rotation: add a version (running functions see it within five minutes), see that all is well, disable
# the version before. Nothing is deployed for it.

locals {
  secrets = toset([
    "smtp-password",   # of the account at the mail server
    "unsubscribe-key", # signs the links by which people unsubscribe
  ])
}

resource "google_secret_manager_secret" "secrets" {
  for_each = local.secrets

  secret_id = each.key

  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }

  depends_on = [google_project_service.this]
}

moved {
  from = google_secret_manager_secret.smtp_password
  to   = google_secret_manager_secret.secrets["smtp-password"]
}

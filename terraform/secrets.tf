# Secrets are containers only: a value in a declaration would stand in the state, so a person adds it:
#
#   gcloud secrets versions add smtp-password --data-file=-
#
# Rotation: add a version (running functions see it within five minutes), send a test mail, disable
# the version before. Nothing is deployed for it.

resource "google_secret_manager_secret" "smtp_password" {
  secret_id = "smtp-password"

  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }

  depends_on = [google_project_service.this]
}

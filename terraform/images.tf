# Where the source archive is put, and the image that is built from it.

resource "google_artifact_registry_repository" "images" {
  repository_id = "aims"
  description   = "The suite's image"
  location      = var.region
  format        = "DOCKER"

  # Rolling back is applying an earlier digest, so some are kept however old they are.
  cleanup_policies {
    id     = "keep-the-last-20"
    action = "KEEP"
    most_recent_versions {
      keep_count = 20
    }
  }
  cleanup_policies {
    id     = "delete-after-90-days"
    action = "DELETE"
    condition {
      older_than = "7776000s"
    }
  }

  depends_on = [google_project_service.this]
}

resource "google_storage_bucket" "build" {
  name                        = "${var.project}-aims-build"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = true # archives only, each made again from the repository

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age = 30
    }
  }

  depends_on = [google_project_service.this]
}

output "services" {
  description = "Where each function is, by name."
  value       = { for name, service in google_cloud_run_v2_service.functions : name => service.uri }

  precondition {
    condition     = length(setsubtract(keys(var.min_instances), keys(local.functions))) == 0
    error_message = "min_instances names a function that is not in the catalog."
  }
}

output "front_door" {
  description = "What the domain's A record must name; null without a domain."
  value       = one([for address in google_compute_global_address.front_door : address.address])
}

output "image_repository" {
  description = "Where the image is pushed to."
  value       = "${var.region}-docker.pkg.dev/${var.project}/${google_artifact_registry_repository.images.repository_id}"
}

output "build_account" {
  description = "The account that Cloud Build runs as."
  value       = google_service_account.build.id
}

output "build_bucket" {
  description = "Where the source archive is put."
  value       = google_storage_bucket.build.name
}

output "secrets" {
  description = "The secrets that a person adds values to."
  value       = sort([for secret in google_secret_manager_secret.secrets : secret.secret_id])
}

output "dead_letters" {
  description = "Subscriptions to read given-up messages from, by topic."
  value       = { for topic, subscription in google_pubsub_subscription.dead_letters : topic => subscription.name }
}

output "largest_upload_mib" {
  description = "What Cloud Run takes in one request; the suite itself would take 64 MiB (services.tf)."
  value       = 32
}

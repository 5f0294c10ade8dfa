# The whole suite, declared: functions/catalog.yaml says which functions there are and what they
# need, these files turn every row into resources. Nothing here repeats a row.

terraform {
  required_version = ">= 1.7"

  # The bucket and prefix are given at init: terraform init -backend-config=bucket=…
  backend "gcs" {}

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 8.0"
    }
  }
}

provider "google" {
  project        = var.project
  region         = var.region
  default_labels = local.labels

  # A person's own credentials name no project to bill; the budget's API asks for one.
  user_project_override = true
  billing_project       = var.project
}

data "google_project" "this" {
  project_id = var.project
}

locals {
  labels = merge({ app = "aims" }, var.labels)

  # The catalog, with what a row may leave out filled in.
  functions = {
    for name, row in yamldecode(file(coalesce(var.catalog, "${path.module}/../functions/catalog.yaml"))) :
    name => {
      service     = "aims-${replace(name, "_", "-")}"
      slug        = replace(name, "_", "-")
      summary     = row.summary
      memory      = row.memory
      timeout     = row.timeout
      concurrency = row.concurrency
      invoker     = row.invoker
      uses        = try(row.uses, [])
      publishes   = try(row.publishes, [])
      topic       = try(row.topic, null)
      schedule    = try(row.schedule, null)
      paths       = distinct([for route in try(row.routes, []) : split(" ", route.call)[1]])
    }
  }

  public_functions = { for name, f in local.functions : name => f if f.invoker == "public" }
  event_functions  = { for name, f in local.functions : name => f if f.topic != null }
  timed_functions  = { for name, f in local.functions : name => f if f.schedule != null }

  # Google's own account that pushes messages and moves dead letters.
  pubsub_agent = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}

# Who is who: an account for each function, which may do what the function's `uses` and `publishes`
# say and nothing else; one that pushes messages; one that builds images.

locals {
  # Where Google's own roles would allow more than is done.
  own_roles = {
    aimsModelCaller = {
      title       = "AIMS model caller"
      description = "Ask a published model; roles/aiplatform.user may also train and deploy"
      permissions = ["aiplatform.endpoints.predict"]
    }
    aimsMetricsWriter = {
      title       = "AIMS metrics writer"
      description = "Read and change rows; roles/bigquery.dataEditor may also drop tables"
      permissions = ["bigquery.datasets.get", "bigquery.tables.get", "bigquery.tables.getData", "bigquery.tables.updateData"]
    }
  }
  own_role = { for id, role in local.own_roles : id => "projects/${var.project}/roles/${id}" }

  # What a port needs, and on what: the project only where there is no smaller place to grant it.
  roles = {
    documents = [
      { on = "documents", role = "roles/datastore.user" },
    ]
    warehouse = [
      { on = "project", role = "roles/bigquery.jobUser" },
      { on = "marketing", role = "roles/bigquery.dataViewer" },
    ]
    warehouse-write = [
      { on = "project", role = "roles/bigquery.jobUser" },
      { on = "marketing", role = local.own_role.aimsMetricsWriter },
      { on = "staging", role = "roles/bigquery.dataEditor" },
    ]
    model = [
      { on = "project", role = local.own_role.aimsModelCaller },
    ]
    mail = [
      { on = "smtp-password", role = "roles/secretmanager.secretAccessor" },
    ]
    secrets = [
      { on = "unsubscribe-key", role = "roles/secretmanager.secretAccessor" },
    ]
    webhooks = [] # of people's own addresses: nothing of Google's is needed
  }

  grants = {
    for grant in distinct(flatten([
      for name, f in local.functions : [
        for port in f.uses : [for needed in local.roles[port] : merge(needed, { function = name })]
      ]
    ])) : "${grant.function} ${grant.role} on ${grant.on}" => grant
  }

  datasets = {
    marketing = google_bigquery_dataset.marketing.dataset_id
    staging   = google_bigquery_dataset.staging.dataset_id
  }

  published = {
    for pair in flatten([
      for name, f in local.functions : [for topic in f.publishes : { function = name, topic = topic }]
    ]) : "${pair.function} to ${pair.topic}" => pair
  }
}

resource "google_service_account" "functions" {
  for_each = local.functions

  account_id   = each.value.service
  display_name = "AIMS ${each.key}"
  description  = each.value.summary

  depends_on = [google_project_service.this]
}

resource "google_project_iam_custom_role" "own" {
  for_each = local.own_roles

  role_id     = each.key
  title       = each.value.title
  description = each.value.description
  permissions = each.value.permissions

  depends_on = [google_project_service.this]
}

resource "google_project_iam_member" "functions" {
  for_each = { for key, grant in local.grants : key => grant if contains(["project", "documents"], grant.on) }

  project = var.project
  role    = each.value.role
  member  = google_service_account.functions[each.value.function].member

  # A Firestore database has no access policy of its own; the condition makes the grant as small.
  dynamic "condition" {
    for_each = each.value.on == "documents" ? [google_firestore_database.documents] : []
    content {
      title      = "aims-documents"
      expression = "resource.name == \"projects/${var.project}/databases/${condition.value.name}\""
    }
  }

  depends_on = [google_project_iam_custom_role.own]
}

resource "google_bigquery_dataset_iam_member" "functions" {
  for_each = { for key, grant in local.grants : key => grant if contains(keys(local.datasets), grant.on) }

  dataset_id = local.datasets[each.value.on]
  role       = each.value.role
  member     = google_service_account.functions[each.value.function].member

  depends_on = [google_project_iam_custom_role.own]
}

resource "google_secret_manager_secret_iam_member" "functions" {
  for_each = { for key, grant in local.grants : key => grant if contains(local.secrets, grant.on) }

  secret_id = google_secret_manager_secret.secrets[each.value.on].id
  role      = each.value.role
  member    = google_service_account.functions[each.value.function].member
}

resource "google_pubsub_topic_iam_member" "publishers" {
  for_each = local.published

  topic  = google_pubsub_topic.topics[each.value.topic].id
  role   = "roles/pubsub.publisher"
  member = google_service_account.functions[each.value.function].member
}

# Pub/Sub speaks to the event functions as this account, and it may call nothing else.

resource "google_service_account" "push" {
  account_id   = "aims-push"
  display_name = "AIMS message delivery"
  description  = "Pub/Sub calls event functions as this account"

  depends_on = [google_project_service.this]
}

resource "google_cloud_run_v2_service_iam_member" "push" {
  for_each = local.event_functions

  name     = google_cloud_run_v2_service.functions[each.key].name
  location = var.region
  role     = "roles/run.invoker"
  member   = google_service_account.push.member
}

resource "google_service_account_iam_member" "push_tokens" {
  service_account_id = google_service_account.push.name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = local.pubsub_agent

  depends_on = [google_project_service.this]
}

# Cloud Build turns the source archive into the image as this account.

resource "google_service_account" "build" {
  account_id   = "aims-build"
  display_name = "AIMS image builds"
  description  = "Cloud Build reads the source archive and pushes the image as this account"

  depends_on = [google_project_service.this]
}

resource "google_project_iam_member" "build_logs" {
  project = var.project
  role    = "roles/logging.logWriter"
  member  = google_service_account.build.member
}

resource "google_artifact_registry_repository_iam_member" "build" {
  repository = google_artifact_registry_repository.images.name
  location   = var.region
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.build.member
}

resource "google_storage_bucket_iam_member" "build" {
  bucket = google_storage_bucket.build.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.build.member
}

# The metrics: dataset `marketing`, its tables as shared/schema/*.sql defines them (tables.json is
# made from those by `python -m infra.tables`), and a dataset where imports stage their rows.

locals {
  day_ms = 24 * 60 * 60 * 1000
  tables = jsondecode(file("${path.module}/tables.json"))
}

resource "google_bigquery_dataset" "marketing" {
  dataset_id            = "marketing"
  friendly_name         = "AIMS marketing metrics"
  description           = "Every project's metrics; a row belongs to the project it names"
  location              = var.location
  max_time_travel_hours = "168" # any state of the last week can be brought back

  depends_on = [google_project_service.this]
}

resource "google_bigquery_table" "marketing" {
  for_each = local.tables

  dataset_id               = google_bigquery_dataset.marketing.dataset_id
  table_id                 = each.key
  description              = each.value.description
  schema                   = jsonencode(each.value.columns)
  clustering               = each.value.clusters
  require_partition_filter = each.value.partition_filter_required
  deletion_protection      = var.deletion_protection

  dynamic "time_partitioning" {
    for_each = each.value.partition == null ? [] : [each.value.partition]
    content {
      type          = "DAY"
      field         = time_partitioning.value
      expiration_ms = var.data_retention_days == null ? null : var.data_retention_days * local.day_ms
    }
  }

  table_constraints {
    primary_key {
      columns = each.value.key
    }
  }
}

# A staging table that an import left behind is gone a day later.
resource "google_bigquery_dataset" "staging" {
  dataset_id                  = "marketing_staging"
  friendly_name               = "AIMS imports under way"
  description                 = "Rows between upload and merge"
  location                    = var.location
  default_table_expiration_ms = local.day_ms
  max_time_travel_hours       = "48" # the least there is
  delete_contents_on_destroy  = true

  depends_on = [google_project_service.this]
}

# The documents: one Firestore database, the indexes its lists need, and what expires by itself.
# How a document lies there is said in shared/adapters/google/firestore_layout.py.

locals {
  # Lists by an equality and another field's order, downwards; the rest needs single fields only.
  ordered_lists = [
    { collection = "anomalies", equal = "is_resolved", order = "resolved_at" },
    { collection = "insights", equal = "report_type", order = "created_at" },
    { collection = "insights", equal = "report_type", order = "week" },
    { collection = "sessions", equal = "uid", order = "updated_at" },
    { collection = "notifications", equal = "read", order = "created_at" },
  ]

  # Collections whose documents expire; `listed`: whether they are also found by a field of theirs.
  expiring = {
    anomalies      = { listed = true }
    answers        = { listed = false }
    claims         = { listed = false }
    failures       = { listed = true }
    idempotency    = { listed = false }
    images         = { listed = false }
    insights       = { listed = true }
    model_usage    = { listed = false }
    notifications  = { listed = true }
    rate_limits    = { listed = false }
    receipts       = { listed = false }
    sent_summaries = { listed = false }
    sessions       = { listed = true }
    turns          = { listed = false }
  }

  # An index that nobody reads costs a write for each field, and one over a rising time slows down
  # every write. An exemption of the map `d` holds for all that is in it.
  unindexed = merge([
    for collection, kept in local.expiring : {
      for field in concat(["expires_us", "rest"], kept.listed ? [] : ["d"]) :
      "${collection}.${field}" => { collection = collection, field = field }
    }
  ]...)
}

resource "google_firestore_database" "documents" {
  name                              = "(default)"
  location_id                       = var.firestore_location
  type                              = "FIRESTORE_NATIVE"
  concurrency_mode                  = "OPTIMISTIC"
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"
  delete_protection_state           = var.deletion_protection ? "DELETE_PROTECTION_ENABLED" : "DELETE_PROTECTION_DISABLED"
  deletion_policy                   = "ABANDON" # leaving Terraform does not delete a database

  depends_on = [google_project_service.this]
}

resource "google_firestore_index" "composite" {
  for_each = { for list in local.ordered_lists : "${list.collection} by ${list.order}" => list }

  database    = google_firestore_database.documents.name
  collection  = each.value.collection
  query_scope = "COLLECTION"

  fields {
    field_path = "d.${each.value.equal}"
    order      = "ASCENDING"
  }
  fields {
    field_path = "d.${each.value.order}"
    order      = "DESCENDING"
  }
}

# What was named by its collection alone: an index that is renamed is kept, not made anew.

moved {
  from = google_firestore_index.composite["anomalies"]
  to   = google_firestore_index.composite["anomalies by resolved_at"]
}

moved {
  from = google_firestore_index.composite["sessions"]
  to   = google_firestore_index.composite["sessions by updated_at"]
}

moved {
  from = google_firestore_index.composite["notifications"]
  to   = google_firestore_index.composite["notifications by created_at"]
}

# The sweep takes up to a day: every read compares the expiry itself.
resource "google_firestore_field" "expiry" {
  for_each = local.expiring

  database   = google_firestore_database.documents.name
  collection = each.key
  field      = "expires_at"

  ttl_config {}
  index_config {}
}

resource "google_firestore_field" "unindexed" {
  for_each = local.unindexed

  database   = google_firestore_database.documents.name
  collection = each.value.collection
  field      = each.value.field

  index_config {}
}

# Beside the seven days in which any minute can be brought back.

resource "google_firestore_backup_schedule" "daily" {
  database  = google_firestore_database.documents.name
  retention = "604800s" # 7 days

  daily_recurrence {}
}

resource "google_firestore_backup_schedule" "weekly" {
  database  = google_firestore_database.documents.name
  retention = "8467200s" # 14 weeks, the most there is

  weekly_recurrence {
    day = "SUNDAY"
  }
}

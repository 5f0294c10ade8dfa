variable "project" {
  description = "Google Cloud project that the suite lives in."
  type        = string
}

variable "region" {
  description = "Region of the functions, topics, schedules and images."
  type        = string
  default     = "europe-west1"
}

variable "location" {
  description = "BigQuery location of the metrics. It cannot be changed later."
  type        = string
  default     = "EU"
}

variable "firestore_location" {
  description = "Firestore location of the documents. It cannot be changed later."
  type        = string
  default     = "eur3"
}

variable "image" {
  description = "Image that every function runs, by digest: REGION-docker.pkg.dev/PROJECT/aims/suite@sha256:…"
  type        = string

  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "Name the image by its digest (…@sha256:<64 hex digits>): a tag may change what runs."
  }
}

variable "catalog" {
  description = "File with the table of functions; null is functions/catalog.yaml of this repository."
  type        = string
  default     = null
}

variable "labels" {
  description = "Labels added to everything that takes them."
  type        = map(string)
  default     = {}
}

variable "deletion_protection" {
  description = "Whether services, tables and the database refuse to be destroyed."
  type        = bool
  default     = true
}

# What runs how

variable "min_instances" {
  description = "Instances kept warm, by function name; a function that is not named starts from none."
  type        = map(number)
  default     = {}
}

variable "max_instances" {
  description = "Most instances of one function."
  type        = number
  default     = 10
}

variable "log_level" {
  description = "Least severity that is logged: debug, info, warning or error."
  type        = string
  default     = "info"
}

variable "ai_operations_per_hour" {
  description = "Compute-heavy calls that one user may make in an hour."
  type        = number
  default     = 20
}

# Who may call

variable "token_issuer" {
  description = "Issuer of people's ID tokens; null is this project's Identity Platform."
  type        = string
  default     = null
}

variable "token_audience" {
  description = "Audience of people's ID tokens; null is the project, as Identity Platform writes it."
  type        = string
  default     = null
}

variable "token_keys" {
  description = "URL of the issuer's keys (JWKS)."
  type        = string
  default     = "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com"
}

variable "cors_origins" {
  description = "Origins that browsers may call from, such as https://app.example.com."
  type        = list(string)
  default     = []
}

variable "domain" {
  description = "Host name of the front door (one address for all public functions); null: none is built."
  type        = string
  default     = null
}

variable "public_url" {
  description = "Where people reach all functions, such as https://aims.example.com; null is the domain's. Without either, mail has no links and nobody can unsubscribe by one."
  type        = string
  default     = null

  validation {
    condition     = var.public_url == null ? true : length(var.public_url) <= 200 && can(regex("^https://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?$", var.public_url))
    error_message = "Give an address such as https://aims.example.com, with a plain path at most."
  }
}

variable "front_door_only" {
  description = "Whether the front door is the only way in. Set it once the certificate is active: until then nobody could call."
  type        = bool
  default     = false
}

variable "invoker_iam_disabled" {
  description = "Kinds of function (`public`, `pubsub`) for which Cloud Run checks no caller itself, where an organisation's policy or a changed token demands it. Every function checks its callers' tokens in any case."
  type        = set(string)
  default     = []

  validation {
    condition     = length(setsubtract(var.invoker_iam_disabled, ["public", "pubsub"])) == 0
    error_message = "The kinds are public and pubsub."
  }
}

variable "requests_per_minute" {
  description = "Requests that one address may send to the front door in a minute."
  type        = number
  default     = 600
}

# Models and mail

variable "model" {
  description = "Gemini model on Vertex AI; `offline` is none."
  type        = string
  default     = "gemini-3.8-flash"
}

variable "model_location" {
  description = "Vertex AI location of the model."
  type        = string
  default     = "global"
}

variable "smtp_host" {
  description = "Mail server. Without one, mail ends on the disk of an instance, which nobody reads."
  type        = string
  default     = ""
}

variable "smtp_port" {
  description = "Port of the mail server; 465 is TLS from the start."
  type        = number
  default     = 587
}

variable "smtp_user" {
  description = "Account at the mail server. Its password is a secret: see secrets.tf."
  type        = string
  default     = ""
}

variable "smtp_from" {
  description = "Sender of the suite's mail."
  type        = string
  default     = "aims@localhost"
}

# What is kept, watched and paid

variable "data_retention_days" {
  description = "Days after which a day's metrics are deleted; null: never."
  type        = number
  default     = null

  validation {
    condition     = var.data_retention_days == null ? true : var.data_retention_days >= 60
    error_message = "Baselines and comparisons need at least 60 days."
  }
}

variable "alert_emails" {
  description = "Addresses that alerts and budget warnings go to."
  type        = list(string)
  default     = []
}

variable "billing_account" {
  description = "Billing account (000000-000000-000000) that the budget belongs to; null: no budget."
  type        = string
  default     = null
}

variable "monthly_budget" {
  description = "Monthly budget in the billing account's own currency; warnings at half, at 90 % and when the forecast passes it."
  type        = number
  default     = 200
}

variable "daily_scanned_gib" {
  description = "GiB that BigQuery may bill in a day before somebody is told."
  type        = number
  default     = 500
}

variable "daily_model_tokens" {
  description = "Model tokens that may be used in a day before somebody is told."
  type        = number
  default     = 20000000
}

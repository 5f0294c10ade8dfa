# One address for all public functions, if a domain is given: the load balancer picks the function
# whose path it is, as infra/local/gateway.py does on a developer's machine.

locals {
  front_door       = var.domain == null ? {} : { this = var.domain }
  front_functions  = var.domain == null ? {} : local.public_functions
  fallback         = "platform" # answers 404 for a path that is nobody's
  first_rule       = 1
  least_important  = 2147483647
  wildcard         = "~" # stands for a parameter; sorts behind every letter, so literal paths come first
  function_by_path = merge([for name, f in local.public_functions : { for path in f.paths : path => name }]...)

  # A template's `*` is a whole segment, so a segment with a parameter in it becomes one. The order
  # decides between `/v1/projects/{project}/x:sum` and `/v1/projects/{project}/{name}`.
  function_by_template = {
    for path, name in local.function_by_path :
    join("/", [for segment in split("/", path) : strcontains(segment, "{") ? local.wildcard : segment]) => name...
  }
  templates = sort(keys(local.function_by_template))
}

resource "google_compute_region_network_endpoint_group" "functions" {
  for_each = local.front_functions

  name                  = each.value.service
  region                = var.region
  network_endpoint_type = "SERVERLESS"
  cloud_run {
    service = google_cloud_run_v2_service.functions[each.key].name
  }
}

resource "google_compute_backend_service" "functions" {
  for_each = local.front_functions

  name                  = each.value.service
  load_balancing_scheme = "EXTERNAL_MANAGED"
  protocol              = "HTTPS"
  security_policy       = google_compute_security_policy.front_door["this"].id

  backend {
    group = google_compute_region_network_endpoint_group.functions[each.key].id
  }
  log_config {
    enable = false # every function logs its requests itself
  }
}

resource "google_compute_url_map" "front_door" {
  for_each = local.front_door

  name            = "aims"
  default_service = google_compute_backend_service.functions[local.fallback].id

  host_rule {
    hosts        = [each.value]
    path_matcher = "functions"
  }

  path_matcher {
    name            = "functions"
    default_service = google_compute_backend_service.functions[local.fallback].id

    dynamic "route_rules" {
      for_each = local.templates
      content {
        priority = local.first_rule + route_rules.key
        service  = google_compute_backend_service.functions[one(distinct(local.function_by_template[route_rules.value]))].id
        match_rules {
          full_path_match     = strcontains(route_rules.value, local.wildcard) ? null : route_rules.value
          path_template_match = strcontains(route_rules.value, local.wildcard) ? replace(route_rules.value, local.wildcard, "*") : null
        }
      }
    }
  }
}

# At most so many requests a minute from one address; the suite itself counts costly calls per user.
resource "google_compute_security_policy" "front_door" {
  for_each = local.front_door

  name = "aims"

  rule {
    description = "Slow down an address that sends too much"
    priority    = 1000
    action      = "throttle"
    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }
    rate_limit_options {
      conform_action = "allow"
      exceed_action  = "deny(429)"
      enforce_on_key = "IP"
      rate_limit_threshold {
        count        = var.requests_per_minute
        interval_sec = 60
      }
    }
  }

  rule {
    description = "Let everybody else in"
    priority    = local.least_important
    action      = "allow"
    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }
  }
}

resource "google_compute_global_address" "front_door" {
  for_each = local.front_door

  name = "aims"

  depends_on = [google_project_service.this]
}

# A certificate cannot be changed, so another domain gets another one before this one goes.
resource "google_compute_managed_ssl_certificate" "front_door" {
  for_each = local.front_door

  name = "aims-${substr(sha256(each.value), 0, 8)}"
  managed {
    domains = [each.value]
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "google_compute_ssl_policy" "front_door" {
  for_each = local.front_door

  name            = "aims"
  profile         = "MODERN"
  min_tls_version = "TLS_1_2"
}

resource "google_compute_target_https_proxy" "front_door" {
  for_each = local.front_door

  name             = "aims"
  url_map          = google_compute_url_map.front_door[each.key].id
  ssl_certificates = [google_compute_managed_ssl_certificate.front_door[each.key].id]
  ssl_policy       = google_compute_ssl_policy.front_door[each.key].id
}

resource "google_compute_global_forwarding_rule" "https" {
  for_each = local.front_door

  name                  = "aims-https"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.front_door[each.key].id
  port_range            = "443"
  target                = google_compute_target_https_proxy.front_door[each.key].id
}

# Plain HTTP only says where to go instead.

resource "google_compute_url_map" "redirect" {
  for_each = local.front_door

  name = "aims-redirect"
  default_url_redirect {
    https_redirect         = true
    redirect_response_code = "MOVED_PERMANENTLY_DEFAULT"
    strip_query            = false
  }
}

resource "google_compute_target_http_proxy" "redirect" {
  for_each = local.front_door

  name    = "aims-redirect"
  url_map = google_compute_url_map.redirect[each.key].id
}

resource "google_compute_global_forwarding_rule" "http" {
  for_each = local.front_door

  name                  = "aims-http"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.front_door[each.key].id
  port_range            = "80"
  target                = google_compute_target_http_proxy.redirect[each.key].id
}

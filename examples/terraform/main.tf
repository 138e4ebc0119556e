# An online shop's Segment workspace: sources, destinations, filters and the tracking plan.

terraform {
  required_version = ">= 1.8"

  required_providers {
    segment = {
      source = "segform.internal/segform/segment"
    }
  }
}

# The token comes from SEGMENT_API_TOKEN.
provider "segment" {
  # What would be lost with them cannot be made again: stop plans that delete or replace them.
  protect = ["source", "tracking_plan"]
}

# Ids of the catalogue. `data "segment_destination_metadata"` looks one up by its slug.
locals {
  javascript         = "IqDTy1TpoU"
  apple              = "dZeHygTSD4"
  python             = "XRksQPCr7X"
  amplitude          = "5f7dd6d21ad74f3842b1fc47"
  braze              = "60f9d0d048950c356be2e4da"
  google_analytics_4 = "60ad61f9ff47a16b8fb7b5d9"
  webhook            = "614a3c7d791c91c41bae7599"
  aws_s3             = "60be92c8dabdd561bf6c9130"
}

resource "segment_label" "environment_production" {
  key   = "environment"
  value = "production"
}

resource "segment_label" "owner_growth" {
  key   = "owner"
  value = "growth"
}

resource "segment_label" "owner_backend" {
  key   = "owner"
  value = "backend"
}

# References, so that labels are made before what bears them.
locals {
  production = {
    key   = segment_label.environment_production.key
    value = segment_label.environment_production.value
  }
  growth  = { key = segment_label.owner_growth.key, value = segment_label.owner_growth.value }
  backend = { key = segment_label.owner_backend.key, value = segment_label.owner_backend.value }
}

resource "segment_tracking_plan" "plan" {
  name         = "Shop"
  type         = "LIVE"
  description  = "What visitors and customers do in the shop"
  rules_by_key = local.rules
}

# --- the website: analytics, without staff and without personal data ---

resource "segment_source" "web" {
  slug     = "web"
  name     = "Shop website"
  enabled  = true
  metadata = { id = local.javascript }
  settings = jsonencode({ websiteUrl = "https://shop.example" })
  labels   = [local.production, local.growth]
}

resource "segment_source_tracking_plan_connection" "web_plan" {
  source_id        = segment_source.web.id
  tracking_plan_id = segment_tracking_plan.plan.id

  schema_settings = {
    track = {
      allow_unplanned_events           = false
      allow_unplanned_event_properties = false
      allow_event_on_violations        = false
      allow_properties_on_violations   = true
      common_event_on_violations       = "ALLOW"
    }
    identify = {
      allow_unplanned_traits     = false
      allow_traits_on_violations = true
    }
  }
}

resource "segment_destination" "amplitude" {
  name      = "Amplitude"
  enabled   = true
  source_id = segment_source.web.id
  metadata  = { id = local.amplitude }
  settings = jsonencode({
    apiKey    = var.amplitude_api_key
    secretKey = var.amplitude_secret_key
    endpoint  = "north_america"
  })
}

resource "segment_destination_filter" "no_staff" {
  title          = "Drop internal traffic"
  description    = "Staff and test orders would spoil the funnels."
  enabled        = true
  source_id      = segment_source.web.id
  destination_id = segment_destination.amplitude.id
  if             = "match(context.traits.email, \"*@shop.example\") or properties.internal = true"
  actions        = [{ type = "DROP" }]
}

resource "segment_destination_filter" "sample_pages" {
  title          = "Sample page calls"
  description    = "One visitor in ten is enough to see where people go."
  enabled        = true
  source_id      = segment_source.web.id
  destination_id = segment_destination.amplitude.id
  if             = "type = \"page\""
  actions        = [{ type = "SAMPLE", percent = 0.1, path = "anonymousId" }]
}

resource "segment_destination" "google_analytics" {
  name      = "Google Analytics 4"
  enabled   = true
  source_id = segment_source.web.id
  metadata  = { id = local.google_analytics_4 }
  settings = jsonencode({
    measurementId = "G-SHOP000001"
    apiSecret     = var.google_analytics_api_secret
  })
}

resource "segment_destination_filter" "no_personal_data" {
  title          = "Drop personal data"
  description    = "Google Analytics must not get names, addresses and numbers."
  enabled        = true
  source_id      = segment_source.web.id
  destination_id = segment_destination.google_analytics.id
  if             = "type = \"identify\" or type = \"track\" or type = \"page\""
  actions = [{
    type = "DROP_PROPERTIES"
    fields = jsonencode({
      traits           = ["email", "first_name", "last_name", "phone"]
      context          = ["ip"]
      "context.traits" = ["email", "first_name", "last_name", "phone"]
      properties       = ["recipient", "share_message"]
    })
  }]
}

# --- the app: messages to customers ---

resource "segment_source" "ios" {
  slug     = "ios"
  name     = "Shop app (iOS)"
  enabled  = true
  metadata = { id = local.apple }
  settings = jsonencode({})
  labels   = [local.production, local.growth]
}

resource "segment_source_tracking_plan_connection" "ios_plan" {
  source_id        = segment_source.ios.id
  tracking_plan_id = segment_tracking_plan.plan.id
}

resource "segment_destination" "braze" {
  name      = "Braze"
  enabled   = true
  source_id = segment_source.ios.id
  metadata  = { id = local.braze }
  settings = jsonencode({
    api_key  = var.braze_api_key
    app_id   = "shop-ios"
    endpoint = "https://rest.iad-01.braze.com"
  })
}

# --- the backend: orders to the warehouse system, everything to the archive ---

resource "segment_source" "server" {
  slug     = "server"
  name     = "Shop backend"
  enabled  = true
  metadata = { id = local.python }
  settings = jsonencode({})
  labels   = [local.production, local.backend]
}

resource "segment_source_tracking_plan_connection" "server_plan" {
  source_id        = segment_source.server.id
  tracking_plan_id = segment_tracking_plan.plan.id
}

resource "segment_destination" "fulfilment" {
  name      = "Fulfilment webhook"
  enabled   = true
  source_id = segment_source.server.id
  metadata  = { id = local.webhook }
  settings  = jsonencode({ sharedSecret = var.webhook_shared_secret })
}

resource "segment_destination_filter" "orders_only" {
  title          = "Only what an order needs"
  description    = "Fulfilment gets the order itself and nothing else about the customer."
  enabled        = true
  source_id      = segment_source.server.id
  destination_id = segment_destination.fulfilment.id
  if             = "event in [\"Order Completed\", \"Order Updated\", \"Order Cancelled\"]"
  actions = [{
    type   = "ALLOW_PROPERTIES"
    fields = jsonencode({ properties = ["order_id", "currency", "total", "products"] })
  }]
}

resource "segment_destination" "archive" {
  name      = "Archive"
  enabled   = true
  source_id = segment_source.server.id
  metadata  = { id = local.aws_s3 }
  settings = jsonencode({
    awsRegion  = "eu-west-1"
    bucket     = "shop-events"
    iamRoleArn = "arn:aws:iam::123456789012:role/segment-archive"
  })
}

output "web_write_keys" {
  value     = segment_source.web.write_keys
  sensitive = true
}

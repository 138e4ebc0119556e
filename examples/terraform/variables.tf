# Secrets never stand in the configuration: TF_VAR_amplitude_api_key and so on give them.

variable "amplitude_api_key" {
  type      = string
  nullable  = false
  sensitive = true
}

variable "amplitude_secret_key" {
  type      = string
  nullable  = false
  sensitive = true
}

variable "braze_api_key" {
  type      = string
  nullable  = false
  sensitive = true
}

variable "google_analytics_api_secret" {
  type      = string
  nullable  = false
  sensitive = true
}

variable "webhook_shared_secret" {
  type      = string
  nullable  = false
  sensitive = true
}

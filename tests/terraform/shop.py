"""A small workspace of all kinds, in HCL, with the places that tests change."""

from __future__ import annotations

WEB = "IqDTy1TpoU"  # Javascript, in the source catalogue
WEBHOOK = "614a3c7d791c91c41bae7599"  # Webhooks (Actions), in the destination catalogue


def shop(
    *,
    name: str = "Web shop",
    enabled: bool = True,
    percent: str = "0.1",
    rules: str = "by_key",
    schema: str = '{ type = "object" }',
    website: str = "https://shop.example",
    allow: str = "false",
    description: str = '"What people do"',
    slug: str = "web",
    labelled: bool = True,
    hook: str = "Hook",
    secret: str = "hush-hush-secret",
    when: str = "page",
    title: str = "Sample pages",
    filtering: bool = True,
    plan: str = "Shop",
    source_enabled: bool = True,
) -> str:
    """The workspace. `rules` is `by_key`, `set` or `none`."""
    labels = "[]"
    if labelled:
        labels = "[{ key = segment_label.prod.key, value = segment_label.prod.value }]"
    element = f'jsonencode({{ type = "object", properties = {{ properties = {schema} }} }})'
    forms = {
        "by_key": f"""
  rules_by_key = {{
    "TRACK:Order Completed"   = {{ json_schema = {element} }}
    "TRACK:Order Completed@2" = {{ json_schema = jsonencode({{ type = "object" }}) }}
    "IDENTIFY"                = {{ json_schema = jsonencode({{ type = "object" }}) }}
  }}""",
        "set": f"""
  rules = [
    {{ type = "TRACK", key = "Order Completed", version = 1, json_schema = {element} }},
    {{ type = "TRACK", key = "Order Completed", version = 2,
       json_schema = jsonencode({{ type = "object" }}) }},
    {{ type = "IDENTIFY", version = 1, json_schema = jsonencode({{ type = "object" }}) }},
  ]""",
        "none": "",
    }
    return f"""
resource "segment_label" "prod" {{
  key         = "environment"
  value       = "prod"
  description = "What customers see"
}}

resource "segment_source" "web" {{
  slug     = "{slug}"
  name     = "{name}"
  enabled  = {str(source_enabled).lower()}
  metadata = {{ id = "{WEB}" }}
  settings = jsonencode({{ websiteUrl = "{website}" }})
  labels   = {labels}
}}

resource "segment_destination" "hook" {{
  name      = "{hook}"
  enabled   = {str(enabled).lower()}
  source_id = segment_source.web.id
  metadata  = {{ id = "{WEBHOOK}" }}
  settings  = jsonencode({{ sharedSecret = "{secret}" }})
}}

resource "segment_destination_filter" "sample" {{
  destination_id = segment_destination.hook.id
  source_id      = segment_source.web.id
  if             = "type = \\"{when}\\""
  title          = "{title}"
  enabled        = {str(filtering).lower()}
  actions = [
    {{ type = "SAMPLE", percent = {percent}, path = "anonymousId" }},
    {{ type = "DROP_PROPERTIES", fields = jsonencode({{ properties = ["email"] }}) }},
  ]
}}

resource "segment_tracking_plan" "shop" {{
  name        = "{plan}"
  type        = "LIVE"
  description = {description}
{forms[rules]}
}}

resource "segment_source_tracking_plan_connection" "web" {{
  source_id        = segment_source.web.id
  tracking_plan_id = segment_tracking_plan.shop.id
  schema_settings = {{
    track = {{ allow_unplanned_events = {allow} }}
  }}
}}
"""

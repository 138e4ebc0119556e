"""Writes docs/reference/provider.md from the definitions.

    python scripts/reference.py [--check]

Everything on the page is derived from the definitions of the kinds, the data sources and the
provider's configuration, but for the examples and a few remarks, which are kept here. A kind
without an example gets one made of its required attributes: a new kind needs no change here.
`--check` writes nothing and exits with 1 where the page is not what the definitions give.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from importlib import util
from pathlib import Path

from segform.contract import operations as known_operations
from segform.resources import data_sources, registry
from segform.resources.definition import (
    BOOL,
    JSON,
    NUMBER,
    RULE_SCHEMA,
    SETTINGS,
    STRING,
    Attribute,
    DataSource,
    Items,
    Kind,
    Nested,
    Resource,
)
from segform_provider.config import ProviderConfig
from segform_provider.install import SOURCE

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "provider.md"
TYPES = {
    STRING: "string",
    BOOL: "bool",
    NUMBER: "number",
    JSON: "string (JSON)",
    SETTINGS: "string (JSON)",
    RULE_SCHEMA: "string (JSON Schema)",
}
VALUES = {STRING: '"…"', BOOL: "true", NUMBER: "1"}
PRESENCE = {
    "required": "required",
    "optional": "optional",
    "computed": "computed",
    "optional_computed": "optional, computed",
}
HOOKS = ("plan", "finish", "complete", "attach", "import_hook", "guard_when")

EXAMPLES = {
    "provider": f"""
terraform {{
  required_providers {{
    segment = {{
      source = "{SOURCE}"
    }}
  }}
}}

# The token comes from SEGMENT_API_TOKEN.
provider "segment" {{
  workspace = "acme"
  protect   = ["source", "tracking_plan"]
}}
""",
    "source": """
resource "segment_source" "web" {
  slug     = "web"
  name     = "Website"
  enabled  = true
  metadata = { id = "IqDTy1TpoU" }
  settings = jsonencode({ websiteUrl = "https://shop.example" })
  labels   = [{ key = segment_label.prod.key, value = segment_label.prod.value }]
}
""",
    "destination": """
resource "segment_destination" "hook" {
  name      = "Fulfilment"
  enabled   = true
  source_id = segment_source.web.id
  metadata  = { id = data.segment_destination_metadata.webhook.id }
  settings  = jsonencode({ sharedSecret = var.shared_secret })
}
""",
    "destination_filter": """
resource "segment_destination_filter" "sample" {
  destination_id = segment_destination.hook.id
  source_id      = segment_source.web.id
  title          = "A tenth of the page calls"
  if             = "type = \\"page\\""
  enabled        = true
  actions        = [{ type = "SAMPLE", percent = 0.1, path = "anonymousId" }]
}
""",
    "tracking_plan": """
resource "segment_tracking_plan" "shop" {
  name = "Shop"
  type = "LIVE"
  rules_by_key = {
    "TRACK:Order Completed" = {
      json_schema = jsonencode({
        type       = "object"
        properties = { properties = { type = "object", required = ["total"] } }
      })
    }
    "IDENTIFY" = { json_schema = jsonencode({ type = "object" }) }
  }
}
""",
    "source_tracking_plan_connection": """
resource "segment_source_tracking_plan_connection" "web" {
  source_id        = segment_source.web.id
  tracking_plan_id = segment_tracking_plan.shop.id
  schema_settings = {
    track = { allow_unplanned_events = false }
  }
}
""",
    "label": """
resource "segment_label" "prod" {
  key         = "environment"
  value       = "prod"
  description = "What customers see"
}
""",
    "data workspace": """
data "segment_workspace" "this" {}
""",
    "data source_metadata": """
data "segment_source_metadata" "javascript" {
  slug = "javascript"
}
""",
    "data destination_metadata": """
data "segment_destination_metadata" "webhook" {
  id = "614a3c7d791c91c41bae7599"
}
""",
}

# What no definition says.
REMARKS = {
    "source": """
A new source is made with `disconnectAllWarehouses`, so that it does not start to load into every
warehouse of the workspace.
""",
    "tracking_plan": """
Give the rules as `rules_by_key` or as `rules`, not as both. With neither, this resource leaves the
plan's rules alone. The import id chooses the form: `tp_…` for `rules`, `tp_…#rules_by_key` for the
map, `tp_…#unmanaged` for neither.
""",
    "source_tracking_plan_connection": """
Without `schema_settings` this resource leaves the schema settings of the source alone. With it,
only the settings that are named are written.
""",
    "label": """
The service cannot change a label, so every change replaces it.
""",
}


def main(arguments: list[str]) -> int:
    """Write the page, or with `--check` compare it."""
    if set(arguments) - {"--check"}:
        print("usage: python scripts/reference.py [--check]", file=sys.stderr)
        return 2
    wanted = page()
    if "--check" not in arguments:
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == wanted:
        return 0
    print(f"{PAGE.name} is not what the definitions give: run `make generate`", file=sys.stderr)
    return 1


def page() -> str:
    """The whole page."""
    return "\n".join(lines()).rstrip() + "\n"


def lines() -> Iterator[str]:
    """The lines of the page."""
    yield "# The provider"
    yield ""
    yield "Generated by `scripts/reference.py` from the definitions in `client/segform/resources`."
    yield ""
    yield (
        f"Source address: `{SOURCE}`. Nobody can register that host, so nothing is downloaded; "
        "`segform provider link DIR` puts the provider where Terraform finds it."
    )
    yield ""
    yield "| column | meaning |"
    yield "|---|---|"
    yield "| given | required; optional; computed: filled in by the service |"
    yield "| secret | marked sensitive: hidden in plans, but in the clear in the state |"
    yield "| replaces | a change makes a new object |"
    yield ""
    yield "## Provider configuration"
    yield ""
    yield ProviderConfig.about.summary
    yield ""
    yield from block(EXAMPLES["provider"])
    yield from table(ProviderConfig.attributes.values())
    for name, kind in registry().items():
        yield from resource(name, kind)
    for name, source in data_sources().items():
        yield from data_source(name, source)


def resource(name: str, kind: type[Resource]) -> Iterator[str]:
    """The section of one managed kind."""
    about = kind.about
    yield f"## segment_{name}"
    yield ""
    yield about.summary
    yield ""
    yield from block(EXAMPLES.get(name) or example(name, kind))
    if name in REMARKS:
        yield REMARKS[name].strip("\n")
        yield ""
    yield from table(kind.attributes.values())
    yield from facts(about)


def facts(about: Kind) -> Iterator[str]:
    """What is true of a whole kind."""
    form = about.import_id.replace("{", "<").replace("}", ">")
    yield f"* Import id: `{form}`"
    key = ", ".join(f"`{part}`" for part in about.key)
    if about.key_unique:
        kept = "the service keeps it unique"
    else:
        kept = "the service does not keep it unique, so a create looks first"
    yield f"* Key: {key}; {kept}"
    if about.exclusive and about.exclusive != about.key:
        shared = ", ".join(f"`{part}`" for part in about.exclusive)
        yield f"* No two objects can share {shared}"
    if about.guard:
        when = " (asked for each object)" if about.guard_when else ""
        yield f"* Guard{when}: {about.guard}"
    else:
        yield "* Guard: none"
    if about.confirm_by_list:
        yield "* There is no operation that reads one; absence is confirmed by a second list"
    yield f"* Operations: {operations(about)}"
    yield ""


def operations(about: Kind) -> str:
    """The operations by what they are for, then those that only hooks use."""
    own = {
        verb: found
        for verb in ("create", "read", "update", "delete", "list")
        if (found := getattr(about.operations, verb))
    }
    told = [f"{verb} `{found}`" for verb, found in own.items()]
    more = sorted(of_hooks(about) - set(own.values()))
    if more:
        told.append("also " + ", ".join(f"`{name}`" for name in more))
    return "; ".join(told)


def of_hooks(about: Kind) -> set[str]:
    """Operations that the modules of a kind's hooks name."""
    found: set[str] = set()
    for module in {str(getattr(about, hook)).partition(":")[0] for hook in HOOKS} - {""}:
        spec = util.find_spec(module)
        if spec is None or spec.origin is None:
            raise SystemExit(f"{about.name} has a hook in {module}, which is not there")
        text = Path(spec.origin).read_text(encoding="utf-8")
        found |= set(re.findall(r'"(\w+)"', text)) & set(known_operations())
    return found


def data_source(name: str, source: type[DataSource]) -> Iterator[str]:
    """The section of one data source."""
    yield f"## data segment_{name}"
    yield ""
    yield source.about.summary
    yield ""
    yield from block(EXAMPLES.get(f"data {name}") or f'data "segment_{name}" "this" {{}}')
    yield from table(source.attributes.values())
    yield f"* Operations: {operations(source.about)}"
    yield ""


def table(attributes: Iterable[Attribute]) -> Iterator[str]:
    """Attributes, those inside objects below theirs."""
    yield "| attribute | type | given | secret | replaces | description |"
    yield "|---|---|---|---|---|---|"
    for item in attributes:
        yield from row(item, "")
    yield ""


def row(item: Attribute, above: str) -> Iterator[str]:
    """One attribute, and what is inside it."""
    name = f"{above}{item.name}"
    secret = "yes" if item.sensitive else ""
    replaces = "yes" if item.replace else ""
    given = PRESENCE[item.presence] + (", write-only" if item.write_only else "")
    yield f"| `{name}` | {type_of(item)} | {given} | {secret} | {replaces} | {described(item)} |"
    if not isinstance(item.type, Nested):
        return
    below = {"object": ".", "map": '["…"].'}.get(item.type.mode, "[*].")
    for inner in item.type.attributes:
        # A catalogue entry is told once, with its data source.
        if item.flat is None or inner.settable:
            yield from row(inner, f"{name}{below}")


def type_of(item: Attribute) -> str:
    """An attribute's type as a reader of HCL knows it."""
    if isinstance(item.type, Items):
        return f"{item.type.mode} of {TYPES[item.type.element]}"
    if isinstance(item.type, Nested):
        return "object" if item.type.mode == "object" else f"{item.type.mode} of objects"
    return TYPES[item.type]


def described(item: Attribute) -> str:
    """Description and limits."""
    told = [item.description]
    limits = (
        ("At least {}.", item.minimum),
        ("At most {}.", item.maximum),
        ("At most {} elements.", item.max_items),
        ("At most {} characters.", item.max_length),
    )
    said = set(re.findall(r"\w+", item.description))
    if not set(item.one_of) <= said:
        told.append("One of " + ", ".join(f"`{value}`" for value in item.one_of) + ".")
    told += [
        form.format(limit) for form, limit in limits if limit is not None and str(limit) not in said
    ]
    if item.reference:
        told.append(f"Refers to a `segment_{item.reference}`.")
    if item.flat:
        told.append("What else is in it: see the data source of the catalogue.")
    return " ".join(told).replace("|", "\\|")


def block(text: str) -> Iterator[str]:
    """HCL as a block of code."""
    yield "```hcl"
    yield text.strip("\n")
    yield "```"
    yield ""


def example(name: str, kind: type[Resource]) -> str:
    """A resource with its required attributes, for a kind that has no example above."""
    required = [item for item in kind.attributes.values() if item.required]
    width = max((len(item.name) for item in required), default=0)
    inside = "\n".join(f"  {item.name:<{width}} = {value(item)}" for item in required)
    return f'resource "segment_{name}" "this" {{\n{inside}\n}}'


def value(item: Attribute) -> str:
    """A stand-in for an attribute's value."""
    if item.reference:
        return f"segment_{item.reference}.this.id"
    if item.one_of:
        return f'"{item.one_of[0]}"'
    if isinstance(item.type, Items):
        return "{}" if item.type.mode == "map" else "[]"
    if isinstance(item.type, Nested):
        required = [inner for inner in item.type.attributes if inner.required]
        inside = "{ " + ", ".join(f"{inner.name} = {value(inner)}" for inner in required) + " }"
        return {"object": inside, "map": f'{{ "…" = {inside} }}'}.get(item.type.mode, f"[{inside}]")
    return VALUES.get(item.type, "jsonencode({})")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

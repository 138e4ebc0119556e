"""How well each thing is known that this face does; the words are those of `coverage.BADGES`."""

from __future__ import annotations

from segform_emulator.coverage import Fact

FACTS = (
    Fact(
        "wire", "`/v1beta` on platform.segmentapis.com; slugs make up resource names", "documented"
    ),
    Fact("wire", 'requests are wrapped: `{"source": {…}}`; answers are not', "documented"),
    Fact("wire", "a slash at the end of a path does not matter", "inferred"),
    Fact("wire", "deletes answer 200 and an empty object", "inferred"),
    Fact("wire", "creations answer 200", "unknown"),
    Fact("wire", "unknown attributes of a body are ignored", "unknown"),
    Fact("wire", "EU workspaces are not served: 404", "inferred"),
    Fact(
        "errors",
        '`{"error", "code"}`; 400/3, 401/16, 403/7, 404/5, 409/6, 429/8, 500/13, 501/12, 503/14',
        "documented",
    ),
    Fact("errors", "403/7 for a write by a token that may read only", "documented"),
    Fact("errors", "404/5 for the workspace of another token", "inferred"),
    Fact("errors", "501/12 for every path and method that is not emulated", "inferred"),
    Fact("errors", "single quotes instead of double, as in the tutorial, are no JSON", "unknown"),
    Fact("errors", "too long and too large requests are 400/3", "unknown"),
    Fact("limits", "200 requests a minute for a token, all operations together", "documented"),
    Fact("limits", "fixed windows of a minute, no headers", "unknown"),
    Fact("pages", "`page_size`, `page_token`; `next_page_token` is empty at the end", "documented"),
    Fact("pages", "100 where no size is given (the documents say 10 or 100)", "documented"),
    Fact("pages", "1,000 at most, 400/3 above; a size of 0 is none given", "unknown"),
    Fact("masks", "a path of the mask without a value is emptied", "documented"),
    Fact("masks", "data without a path in the mask changes nothing", "documented"),
    Fact("masks", "400/3 for a path that is not known or cannot change", "inferred"),
    Fact("masks", "an emptied choice of the schema settings is ALLOW", "unknown"),
    Fact("workspaces", "the list has the one of the token", "inferred"),
    Fact("workspaces", "the time of creation is Go's zero time: nothing keeps it", "unknown"),
    Fact("sources", "made with slug and `catalog_name`, enabled", "documented"),
    Fact("sources", "`display_name` is the Public API's name", "documented"),
    Fact("sources", "`library_config` is kept apart from the Public API's settings", "unknown"),
    Fact("sources", "409/6 for a slug that is taken", "documented"),
    Fact("schema config", "names of the settings", "documented"),
    Fact(
        "schema config",
        "`allow_track_properties_on_violations` is known too, as clients call it",
        "inferred",
    ),
    Fact("schema config", "sources to forward to are slugs", "inferred"),
    Fact(
        "destinations",
        "named after their catalogue entry; not enabled unless asked for",
        "documented",
    ),
    Fact("destinations", "409/6 for a second one of a kind below a source", "inferred"),
    Fact(
        "destinations",
        "of several that the Public API made, all but the first are named by id",
        "unknown",
    ),
    Fact("destinations", "options that a masked `config` does not name stay", "documented"),
    Fact("destinations", "every option is answered, in the order of names", "inferred"),
    Fact(
        "destinations",
        "types `list` and `map` for the catalogue's `array` and `text-map`",
        "inferred",
    ),
    Fact("destinations", "a value that is none of its `type` is 400/3", "inferred"),
    Fact("destinations", "secrets are masked as in the Public API", "unknown"),
    Fact(
        "destinations", "connection modes UNSPECIFIED, CLOUD and DEVICE; kept here only", "inferred"
    ),
    Fact("destinations", "times of what the Public API made are Go's zero time", "unknown"),
    Fact(
        "destination filters",
        "names, fields and words of actions, as public clients have them; read only",
        "inferred",
    ),
    Fact("tracking plans", "`rs_…` is the plan that the Public API calls `tp_…`", "inferred"),
    Fact(
        "tracking plans",
        "`global`, `events`, `identify`, `group` are COMMON, TRACK, IDENTIFY, GROUP",
        "documented",
    ),
    Fact("tracking plans", "an event's description is that of its schema", "inferred"),
    Fact("tracking plans", "PATCH and PUT are one: the mask decides", "inferred"),
    Fact("tracking plans", "`tracking_plan.rules.events` and its like in a mask", "inferred"),
    Fact("tracking plans", "rules of pages and screens are neither shown nor touched", "unknown"),
    Fact("tracking plans", "plans of all types are listed; new ones are LIVE", "unknown"),
    Fact("tracking plans", "no limit on the number of rules in a request", "unknown"),
    Fact(
        "source connections",
        "`source_name` and `tracking_plan_id` in requests and answers",
        "documented",
    ),
    Fact("source connections", "400/3 for a source that has another plan", "inferred"),
    Fact("catalog", "`catalog/sources/S` and `catalog/destinations/D`, by slug", "inferred"),
    Fact("catalog", "attributes beyond name, display name and description", "inferred"),
    Fact("functions", "listed by `type`; `id`, `workspace_id`, `display_name`, `code`", "inferred"),
    Fact("functions", "`type` in answers; types as in the Public API; 400/3 for others", "unknown"),
    Fact("people", "paths of users, roles, policies and invites; read only", "inferred"),
    Fact("people", "`users/…` with their addresses", "inferred"),
    Fact("people", "how the names of roles, policies and invites end", "unknown"),
    Fact("people", "a policy for each role that a user was given", "unknown"),
)

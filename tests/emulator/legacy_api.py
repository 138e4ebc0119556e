"""Requests to the legacy face, plain, beside those to the Public API over the same state."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import httpx

from segform_emulator import Emulator
from segform_emulator.exact import dumps

W = "workspaces/acme"
JS = f"{W}/sources/js"
WEBHOOK_NAME = f"{JS}/destinations/actions-webhook"


class Legacy:
    """One token of an emulator on the Config API, without a socket."""

    def __init__(self, emulator: Emulator, role: str = "owner") -> None:
        self.emulator = emulator
        self.http = httpx.Client(
            transport=emulator.config_api_transport(),
            base_url="https://platform.segmentapis.com/v1beta",
            headers={"authorization": f"Bearer {emulator.tokens[role]}"},
        )

    def send(self, method: str, name: str, body: Any = None, **more: Any) -> httpx.Response:
        """The raw answer."""
        if body is not None:
            more["content"] = body if isinstance(body, (str, bytes)) else dumps(body)
        return self.http.request(method, f"/{name}", **more)

    def call(self, method: str, name: str, body: Any = None, **more: Any) -> Any:
        """The answer with exact numbers, which has to be 200."""
        response = self.send(method, name, body, **more)
        assert response.status_code == 200, response.text
        return json.loads(response.text, parse_float=Decimal)

    def get(self, name: str, **query: Any) -> Any:
        """`GET`."""
        return self.call("GET", name, params=query)

    def post(self, name: str, body: Any) -> Any:
        """`POST`."""
        return self.call("POST", name, body)

    def patch(self, name: str, body: Any) -> Any:
        """`PATCH`."""
        return self.call("PATCH", name, body)

    def delete(self, name: str) -> Any:
        """`DELETE`."""
        return self.call("DELETE", name)

    def refused(self, method: str, name: str, body: Any = None, **more: Any) -> tuple[int, int]:
        """Status and code of a request that must not succeed."""
        return refusal(self.send(method, name, body, **more))

    def source(self, slug: str = "js", catalog: str = "javascript", **more: Any) -> Any:
        """A new source."""
        given = {"name": f"{W}/sources/{slug}", "catalog_name": f"catalog/sources/{catalog}"}
        return self.post(f"{W}/sources", {"source": {**given, **more}})

    def destination(self, name: str = WEBHOOK_NAME, **more: Any) -> Any:
        """A new destination."""
        parent = name.rpartition("/")[0]
        return self.post(parent, {"destination": {"name": name, **more}})

    def change(self, name: str, paths: list[str], **given: Any) -> Any:
        """An update of a destination."""
        masked = [f"destination.{path}" for path in paths]
        return self.patch(name, {"destination": given, "update_mask": {"paths": masked}})

    def plan(self, display_name: str = "Shop", /, **rules: Any) -> Any:
        """A new tracking plan."""
        given = {"display_name": display_name, "rules": rules}
        return self.post(f"{W}/tracking-plans", {"tracking_plan": given})


def refusal(response: httpx.Response) -> tuple[int, int]:
    """Status and code of an error."""
    assert response.status_code >= 400, response.text
    body = response.json()
    assert set(body) == {"error", "code"}
    assert body["error"]
    return response.status_code, body["code"]


def option(name: str, key: str, value: Any, kind: str = "string") -> dict[str, Any]:
    """An option of a destination's config, as a request gives it."""
    return {"name": f"{name}/config/{key}", "type": kind, "value": value}


def options(destination: Any) -> dict[str, Any]:
    """Values by key of a destination's config."""
    return {one["name"].rpartition("/")[2]: one["value"] for one in destination["config"]}

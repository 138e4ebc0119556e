"""Requests to an emulator, plain: what the wire carries, with no client of ours between."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import httpx

from segform_emulator import Emulator

WEB = "IqDTy1TpoU"
PYTHON = "XRksQPCr7X"
AMPLITUDE = "5f7dd6d21ad74f3842b1fc47"
WEBHOOK = "614a3c7d791c91c41bae7599"
ADJUST = "56f6ce7280412f644ff12fb2"
POSTGRES = "55d3d3aea3c"


class Refused(AssertionError):
    """An answer that is none of success."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(f"{response.status_code} {response.text[:400]}")
        self.status = response.status_code
        self.headers = response.headers
        self.errors: list[dict[str, Any]] = response.json()["errors"]
        self.type: str = self.errors[0]["type"]
        self.message: str = self.errors[0]["message"]


class Api:
    """One token of an emulator, without a socket."""

    def __init__(self, emulator: Emulator, role: str = "owner", host: str = "emulator") -> None:
        self.emulator = emulator
        self.http = httpx.Client(
            transport=emulator.transport(),
            base_url=f"http://{host}",
            headers={"authorization": f"Bearer {emulator.tokens[role]}"},
        )

    def send(self, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        """The raw answer."""
        if body is not None:
            more["content"] = body if isinstance(body, (str, bytes)) else json.dumps(body)
        return self.http.request(method, path, **more)

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """The `data` of the answer with exact numbers; raises `Refused`."""
        response = self.send(method, path, body, **more)
        if response.status_code >= 300:
            raise Refused(response)
        answer = json.loads(response.text, parse_float=Decimal)
        assert set(answer) == {"data"}
        return answer["data"]

    def get(self, path: str, **more: Any) -> Any:
        """`GET`."""
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any = None) -> Any:
        """`POST`."""
        return self.call("POST", path, body)

    def patch(self, path: str, body: Any) -> Any:
        """`PATCH`."""
        return self.call("PATCH", path, body)

    def put(self, path: str, body: Any) -> Any:
        """`PUT`."""
        return self.call("PUT", path, body)

    def delete(self, path: str) -> Any:
        """`DELETE`."""
        return self.call("DELETE", path)

    def refused(self, method: str, path: str, body: Any = None) -> Refused:
        """The error of a request that must not succeed."""
        response = self.send(method, path, body)
        assert response.status_code >= 400, response.text
        return Refused(response)

    def source(self, slug: str = "web", **more: Any) -> Any:
        """A new source."""
        body = {"slug": slug, "enabled": True, "metadataId": WEB, **more}
        return self.post("/sources", body)["source"]

    def destination(self, source_id: str, metadata_id: str = AMPLITUDE, **more: Any) -> Any:
        """A new destination."""
        body = {"sourceId": source_id, "metadataId": metadata_id, "settings": {}, **more}
        return self.post("/destinations", body)["destination"]

    def filter(self, destination: Any, **more: Any) -> Any:
        """A new filter."""
        body = {
            "sourceId": destination["sourceId"],
            "if": "all",
            "actions": [{"type": "DROP"}],
            "title": "Nothing",
            "enabled": True,
            **more,
        }
        return self.post(f"/destination/{destination['id']}/filters", body)["filter"]

    def plan(self, name: str = "Shop") -> Any:
        """A new tracking plan."""
        return self.post("/tracking-plans", {"name": name, "type": "LIVE"})["trackingPlan"]

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """A request of the control plane."""
        response = self.send(method, f"/_emulator/{path}", body)
        assert response.status_code == 200, response.text
        return json.loads(response.text, parse_float=Decimal)


def track(key: str, version: Any = 1, **schema: Any) -> dict[str, Any]:
    """A rule for an event."""
    return {"type": "TRACK", "key": key, "version": version, "jsonSchema": schema}

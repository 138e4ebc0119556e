"""Source: what its create cannot take goes after it (name, labels)."""

from __future__ import annotations

from typing import Any

from segform.lifecycle.run import Run


def finish(run: Run) -> None:
    """Set the name that createSource does not take, and replace the labels.

    Operations: `updateSource`, `replaceLabelsInSource`; both may be repeated.
    """
    name = run.planned_value("name")
    if name is not None and run.live.get("name") != name and (run.prior is None or run.adopted):
        with run.step("set its name"):
            run.live = _with(run, run.request("updateSource", body={"name": name})["source"])
    if labels_differ(run):
        labels = [{"key": label["key"], "value": label["value"]} for label in run.planned["labels"]]
        with run.step("set its labels"):
            data = run.request("replaceLabelsInSource", body={"labels": labels})
            run.live = {**run.live, "labels": data.get("labels", labels)}


def labels_differ(run: Run) -> bool:
    """Whether the planned labels are known and not those that the source has."""
    planned = run.planned_value("labels")
    if planned is None:
        return False
    there = run.live.get("labels")
    if there is None:
        there = (run.prior or {}).get("labels") or []
    return _pairs(planned) != _pairs(there)


def _pairs(labels: list[dict[str, Any]]) -> set[tuple[Any, Any]]:
    return {(label.get("key"), label.get("value")) for label in labels}


def _with(run: Run, answer: dict[str, Any]) -> dict[str, Any]:
    # An answer to a token without source admin lacks the write keys that the first one had.
    return {**run.live, **answer, "writeKeys": answer.get("writeKeys") or run.live.get("writeKeys")}

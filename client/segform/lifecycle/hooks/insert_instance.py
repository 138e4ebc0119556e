"""Insert function instances: the API takes and shows the function's id without its prefix."""

from __future__ import annotations

from typing import Any

from segform.lifecycle.run import Run

PREFIXES = ("ifnd_", "ifns_", "ifnt_")


def bare(function_id: str) -> str:
    """The id of a function without its prefix."""
    for prefix in PREFIXES:
        function_id = function_id.removeprefix(prefix)
    return function_id


def send(_run: Run, body: dict[str, Any]) -> dict[str, Any]:
    """The create's body: the function by its bare id."""
    return {**body, "functionId": bare(body["functionId"])}


def plan(run: Run) -> None:
    """The same function with and without the prefix is no replacement."""
    wanted, before = run.planned_value("function_id"), (run.prior or {}).get("function_id")
    if isinstance(wanted, str) and isinstance(before, str) and bare(wanted) == bare(before):
        run.planned["function_id"] = before


def complete(run: Run) -> None:
    """After an import, find the function by the class of the instance. Operation: `getFunction`."""
    from segform.errors import NotFoundError

    if (run.prior or {}).get("function_id"):
        return
    class_id = str(run.live.get("classId", ""))
    run.values["function_id"] = class_id
    for prefix in PREFIXES:
        try:
            run.request("getFunction", path={"functionId": f"{prefix}{class_id}"})
        except NotFoundError:
            continue
        run.values["function_id"] = f"{prefix}{class_id}"
        return

"""Insert function instances: the API takes and shows the function's id without its prefix."""

from __future__ import annotations

from typing import Any

from segform.lifecycle.run import Run
from segform.resources.ids import INSERT_FUNCTIONS, bare_function


def send(_run: Run, body: dict[str, Any]) -> dict[str, Any]:
    """The create's body: the function by its bare id."""
    return {**body, "functionId": bare_function(body["functionId"])}


def plan(run: Run) -> None:
    """The same function with and without the prefix is no replacement."""
    wanted, before = run.planned_value("function_id"), (run.prior or {}).get("function_id")
    if (
        isinstance(wanted, str)
        and isinstance(before, str)
        and bare_function(wanted) == bare_function(before)
    ):
        run.planned["function_id"] = before


def complete(run: Run) -> None:
    """After an import, find the function by the class of the instance. Operation: `getFunction`."""
    from segform.errors import NotFoundError

    if (run.prior or {}).get("function_id"):
        return
    class_id = str(run.live.get("classId", ""))
    run.values["function_id"] = class_id
    for prefix in INSERT_FUNCTIONS:
        try:
            run.request("getFunction", path={"functionId": f"{prefix}{class_id}"})
        except NotFoundError:
            continue
        run.values["function_id"] = f"{prefix}{class_id}"
        return

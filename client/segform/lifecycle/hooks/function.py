"""Functions: what is saved of a source function does not run before it is deployed.

All others run what was saved last. A function that was just made has nothing to deploy to yet.
"""

from __future__ import annotations

from segform.lifecycle.run import Run
from segform.resources.values import UNKNOWN

_RUNS = ("code", "settings")


def plan(run: Run) -> None:
    """Code that was saved and not deployed is a change, although no attribute differs."""
    if run.prior is not None and run.private.get("undeployed"):
        run.planned["preview_webhook_url"] = UNKNOWN


def finish(run: Run) -> None:
    """Deploy a source function whose code changed. Operation: `createFunctionDeployment`."""
    if run.prior is None or run.prior.get("resource_type") != "SOURCE":
        return
    if not run.private.get("undeployed") and not any(map(run.changed, _RUNS)):
        return
    with run.step("deploy the new code"):
        run.request("createFunctionDeployment")
    run.private.pop("undeployed", None)


def complete(run: Run) -> None:
    """Note that code which the state does not know is saved and not deployed."""
    latest = run.live.get("isLatestVersion")
    if latest is True:
        run.private.pop("undeployed", None)
    elif latest is False and run.prior is not None and run.live.get("resourceType") == "SOURCE":
        known = run.prior.get("code")
        if known is not None and run.live.get("code") not in (None, known):
            run.private["undeployed"] = True

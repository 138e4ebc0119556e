"""Which workspace an object is in: remembered beside its values, and held against the token.

No address of the API names a workspace, so that another workspace's token finds nothing of a whole
state, and a plan would make all of it anew there. An object that a state knows to be of another
workspace is neither read nor written.
"""

from __future__ import annotations

from segform.errors import WorkspaceMismatchError

from .run import Run

_NAME = "workspace"


def belong(run: Run, workspace: str | None, named: str) -> None:
    """Remember the workspace of the token. Raises `WorkspaceMismatchError` for another one.

    `workspace` is its id, None where nobody could ask; `named` says it in words.
    """
    known = run.private.get(_NAME)
    if not known and "workspace_id" in run.kind.attributes:
        # States of the official provider say it of some kinds.
        known = (run.prior or {}).get("workspace_id")
    if workspace is None:
        return
    if isinstance(known, str) and known != workspace:
        words = run.about.words
        raise WorkspaceMismatchError(
            f"The state has this {words} in the workspace {known}, and the token belongs to the "
            f"workspace {named}. Nothing was read or changed. Use a token of the workspace "
            f"{known}; `workspace` of the provider, or SEGMENT_WORKSPACE, tells a wrong one before "
            "anything is planned.",
            expected=known,
            actual=workspace,
        )
    run.here = run.here or known == workspace
    run.private[_NAME] = workspace

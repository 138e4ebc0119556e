"""The deletion guard: what must not go by accident is stopped while it is only a plan.

`prevent_destroy` goes away together with a removed block; a provider's plan does not.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from segform.resources import registry
from segform.resources.parts import Problem

from .hooks import hook
from .keys import key_of
from .service import Lifecycle


class Guard:
    """`protect` and `protect_except` of the provider's configuration, applied to one object.

    `protect` None warns of every guarded kind; a set refuses for the kinds in it and is silent
    about the others. `engine`: the words are for the workspace engine, not for the provider.
    """

    def __init__(self, protect: set[str] | None, let_go: set[str], *, engine: bool = False) -> None:
        self._engine = engine
        self._protect = protect
        self._let_go = let_go

    def lets_go(self, name: str, prior: Mapping[str, Any], key: str) -> bool:
        """Whether an object was let go, by its kind and key or by its id."""
        return bool(self._let_go & {f"{name}:{key}", str(prior.get("id"))})

    def problem(
        self,
        life: Lifecycle,
        name: str,
        prior: Mapping[str, Any],
        private: Any,
        action: str,
        *,
        sure: bool = True,
    ) -> Problem | None:
        """What to say of deleting or replacing an object; None where nothing is at stake.

        `sure`: `prior` has the object's id, so that it can be asked what hangs on it.
        Raises `segform.errors.WorkspaceMismatchError` for an object of another workspace: Terraform
        may ask before it reads.
        """
        about = registry()[name].about
        life.belongs(name, prior, private)
        run = life.run(name, prior=prior, planned=prior, private=private)
        if not about.guard or (self._protect is not None and name not in self._protect):
            return None
        key = key_of(run)
        if self.lets_go(name, prior, key):
            return None
        # True, false, or why it cannot be told.
        stake = hook(about.guard_when)(run) if about.guard_when and sure else True
        if not stake:
            return None
        words = about.words
        message = f"the {words} {key!r} would be {action}: {about.guard}"
        if isinstance(stake, str):
            message += f" ({stake})"
        if self._protect is None:
            mend = (
                f'`protect = ["{name}"]` on the provider makes this an error; `protect = []` '
                "silences it."
            )
            return Problem((), message, mend, "warning")
        if self._engine:
            named = shlex.quote(f"{name}:{key}")
            mend = f"If that is meant, let it go: `--let-go {named}`, `let_go=` in Python."
            return Problem((), message, mend)
        mend = (
            f'If that is meant, add `protect_except = ["{name}:{key}"]` to the provider, so that '
            "the review shows it."
        )
        return Problem((), message, mend)

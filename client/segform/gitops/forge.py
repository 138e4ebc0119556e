"""The forge of a run of CI: one comment that is updated in place, and where plans wait.

GitHub keeps plans as artifacts, which only its own actions can write; GitLab in the project's
package registry. Everything is taken from the variables that they set.
"""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

# A comment of GitHub holds 65,536 characters.
_MOST = 64_000
_PAGE = 100
_MOST_PAGES = 30
_SECONDS = 30


class ForgeError(Exception):
    """The forge did not do what it was asked; without the token."""


class Forge(Protocol):
    """What is asked of a forge."""

    def comment(self, mark: str, body: str, issue: int | None = None) -> str:
        """Update the comment that begins with `mark`, or make it; where it is.

        On the pull request of this run, or on `issue`. Empty where there is neither.
        """

    def fetch(self, name: str, tree: str, to: Path) -> str:
        """Bring a plan that waits to `to`; or say where it is, for the forge's own tool."""

    def store(self, name: str, tree: str, plan: Path) -> None:
        """Let a plan wait."""


def of_environment(environment: Mapping[str, str] = os.environ) -> Forge | None:
    """The forge of this run, or None outside of CI."""
    if environment.get("GITHUB_ACTIONS") == "true":
        return GitHub(environment)
    if environment.get("GITLAB_CI") == "true":
        return GitLab(environment)
    return None


class GitHub:
    """GitHub, by `GITHUB_TOKEN` with `pull-requests: write` (and `actions: read` to fetch)."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._env = environment
        base = environment.get("GITHUB_API_URL", "")
        self._api = _Api(
            f"{base}/repos/{environment.get('GITHUB_REPOSITORY', '')}",
            {
                "Authorization": f"Bearer {environment.get('GITHUB_TOKEN', '')}",
                "Accept": "application/vnd.github+json",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )

    def comment(self, mark: str, body: str, issue: int | None = None) -> str:
        """See `Forge.comment`."""
        number = issue or self._pull_request()
        if not number:
            return ""
        known = _marked(filter(_trusted, self._api.pages(f"/issues/{number}/comments")), mark)
        if known is None:
            found = self._api.call("POST", f"/issues/{number}/comments", {"body": body})
        else:
            found = self._api.call("PATCH", f"/issues/comments/{known}", {"body": body})
        return str(found.get("html_url", ""))

    def fetch(self, name: str, tree: str, to: Path) -> str:
        """Write the run that holds the artifact to the step's outputs, as `run-id`."""
        del to
        query = urllib.parse.urlencode({"name": f"segform-plan-{name}-{tree}", "per_page": _PAGE})
        found = self._api.call("GET", f"/actions/artifacts?{query}").get("artifacts") or []
        # A fork's run has no secrets, so that its plan is none of ours.
        ours = [one for one in found if not one.get("expired") and _own(one["workflow_run"])]
        if not ours:
            return ""
        newest = max(ours, key=lambda one: str(one["created_at"]))
        run = str(newest["workflow_run"]["id"])
        _append(self._env.get("GITHUB_OUTPUT"), f"run-id={run}\n")
        return f"run {run}"

    def store(self, name: str, tree: str, plan: Path) -> None:
        """Tell the action's next step the name of the artifact."""
        del plan
        _append(self._env.get("GITHUB_OUTPUT"), f"artifact=segform-plan-{name}-{tree}\n")

    def _pull_request(self) -> int:
        path = self._env.get("GITHUB_EVENT_PATH")
        event = json.loads(Path(path).read_text(encoding="utf-8")) if path else {}
        return int((event.get("pull_request") or {}).get("number") or 0)


class GitLab:
    """GitLab, by `SEGFORM_GITLAB_TOKEN`: a project access token with the scope `api`."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._env = environment
        project = urllib.parse.quote(environment.get("CI_PROJECT_ID", ""), safe="")
        base = environment.get("CI_API_V4_URL", "")
        token = environment.get("SEGFORM_GITLAB_TOKEN", "")
        self._api = _Api(f"{base}/projects/{project}", {"PRIVATE-TOKEN": token})
        self._root = _Api(base, {"PRIVATE-TOKEN": token})

    def comment(self, mark: str, body: str, issue: int | None = None) -> str:
        """See `Forge.comment`."""
        request = self._env.get("CI_MERGE_REQUEST_IID")
        if not issue and not request:
            return ""
        notes = f"/issues/{issue}/notes" if issue else f"/merge_requests/{request}/notes"
        me = self._root.call("GET", "/user").get("id")
        own = (one for one in self._api.pages(notes) if (one.get("author") or {}).get("id") == me)
        known = _marked(own, mark)
        if known is None:
            found = self._api.call("POST", notes, {"body": body})
        else:
            found = self._api.call("PUT", f"{notes}/{known}", {"body": body})
        return f"note {found.get('id', '')}"

    def fetch(self, name: str, tree: str, to: Path) -> str:
        """Bring the plan out of the package registry."""
        content = self._api.download(self._package(name, tree))
        if content is None:
            return ""
        to.parent.mkdir(parents=True, exist_ok=True)
        to.touch(mode=0o600)
        to.write_bytes(content)
        return str(to)

    def store(self, name: str, tree: str, plan: Path) -> None:
        """Put the plan into the package registry; the last one for a tree counts."""
        self._api.upload(self._package(name, tree), plan.read_bytes())

    @staticmethod
    def _package(name: str, tree: str) -> str:
        return f"/packages/generic/segform-plan-{urllib.parse.quote(name, safe='')}/{tree}/plan"


def bounded(text: str, most: int = _MOST) -> str:
    """A text that has room in a comment, cut at the end of a line; what was cut off is said."""
    if len(text) <= most:
        return text
    kept = text[: most - 200].rpartition("\n")[0]
    open_ = kept.count("<details>") - kept.count("</details>")
    return (
        f"{kept}\n\n{'</details>' * open_}\n\n… There is no room for more here: see the job's log."
    )


def summary(text: str, environment: Mapping[str, str] = os.environ) -> None:
    """Show a text on the page of the run, where the forge has one for it."""
    _append(environment.get("GITHUB_STEP_SUMMARY"), f"{text}\n")


class _Api:
    def __init__(self, base: str, headers: Mapping[str, str]) -> None:
        parts = urllib.parse.urlsplit(base)
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
            raise ForgeError(f"{parts.scheme}://{parts.hostname} is not https")
        self._base, self._headers = base, headers

    def call(self, method: str, path: str, body: Any = None) -> Any:
        content = None if body is None else json.dumps(body).encode()
        return json.loads(self._send(method, path, content, "application/json") or b"{}")

    def pages(self, path: str) -> Iterator[Mapping[str, Any]]:
        for page in range(1, _MOST_PAGES + 1):
            found = self.call("GET", f"{path}?per_page={_PAGE}&page={page}")
            yield from found
            if len(found) < _PAGE:
                return

    def upload(self, path: str, content: bytes) -> None:
        self._send("PUT", path, content, "application/octet-stream")

    def download(self, path: str) -> bytes | None:
        return self._send("GET", path, absent_is_none=True)

    def _send(
        self,
        method: str,
        path: str,
        content: bytes | None = None,
        form: str = "",
        *,
        absent_is_none: bool = False,
    ) -> bytes | None:
        headers = {**self._headers, **({"Content-Type": form} if form else {})}
        request = urllib.request.Request(  # noqa: S310 -- https, or loopback
            self._base + path, data=content, headers=headers, method=method
        )
        try:
            with _OPENER.open(request, timeout=_SECONDS) as answer:
                found: bytes = answer.read()
                return found
        except urllib.error.HTTPError as problem:
            problem.close()
            if problem.code == 404 and absent_is_none:
                return None
            raise ForgeError(
                f"{method} {path.partition('?')[0]} was answered with {problem.code}"
            ) from None
        except OSError as problem:
            raise ForgeError(f"{method} {path.partition('?')[0]}: {problem}") from None


class _Stay(urllib.request.HTTPRedirectHandler):
    """A token goes to the host it was meant for, and to no other."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_Stay)


def _trusted(comment: Mapping[str, Any]) -> bool:
    """Whether a comment of GitHub is a program's, or of somebody who may write to the repository.

    Anybody can write the mark at the top of a comment, and could then change what stands in it.
    """
    program = (comment.get("user") or {}).get("type") == "Bot"
    return program or comment.get("author_association") in ("OWNER", "MEMBER", "COLLABORATOR")


def _marked(comments: Iterator[Mapping[str, Any]], mark: str) -> str | None:
    for one in comments:
        if str(one.get("body", "")).startswith(mark):
            return str(one["id"])
    return None


def _own(run: Mapping[str, Any]) -> bool:
    return run.get("head_repository_id") == run.get("repository_id")


def _append(path: str | None, text: str) -> None:
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)

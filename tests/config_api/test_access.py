"""Where the legacy API is and as whom: never the Public API's token, url or region."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest

from segform import ConfigurationError, Secret
from segform.config_api import ConfigAPI

from .stub import TOKEN, client, ok


def test_a_token_of_the_public_api_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGMENT_API_TOKEN", "sgp_public")
    monkeypatch.setenv("PUBLIC_API_TOKEN", "sgp_public")
    with pytest.raises(ConfigurationError, match="SEGMENT_CONFIG_API_TOKEN") as caught:
        ConfigAPI()
    assert "segform.Segment" in str(caught.value)
    assert "2024-02-01" in str(caught.value)
    assert "sgp_public" not in str(caught.value)


def test_the_token_of_the_environment_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGMENT_API_TOKEN", "sgp_public")
    monkeypatch.setenv("SEGMENT_CONFIG_API_TOKEN", f" {TOKEN}\n")
    import httpx

    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["Authorization"])
        return ok(name="workspaces/acme")

    with ConfigAPI(workspace="acme", transport=httpx.MockTransport(answer)) as made:
        made.workspaces.get()
    assert seen == [f"Bearer {TOKEN}"]


@pytest.mark.parametrize("token", ["", "  ", "a b", "a\nb", "schlüssel"])
def test_tokens_that_are_none(token: str) -> None:
    with pytest.raises(ConfigurationError, match="legacy"):
        ConfigAPI(token)


def test_a_secret_is_a_token_and_is_not_shown() -> None:
    made = ConfigAPI(Secret(TOKEN))
    assert TOKEN not in repr(made)
    with pytest.raises(TypeError):
        pickle.dumps(made._session.config.token)


@pytest.mark.parametrize(
    ("url", "made"),
    [
        (None, "https://platform.segmentapis.com/v1beta"),
        ("https://platform.segmentapis.com", "https://platform.segmentapis.com/v1beta"),
        ("https://platform.segmentapis.com/v1beta/", "https://platform.segmentapis.com/v1beta"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1beta"),
        ("http://localhost:8080/else", "http://localhost:8080/else"),
    ],
)
def test_urls(url: str | None, made: str) -> None:
    assert ConfigAPI(TOKEN, url=url).url == made


def test_the_url_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGMENT_API_URL", "http://127.0.0.1:1")
    assert ConfigAPI(TOKEN).url == "https://platform.segmentapis.com/v1beta"
    monkeypatch.setenv("SEGMENT_CONFIG_API_URL", "http://127.0.0.1:2")
    assert ConfigAPI(TOKEN).url == "http://127.0.0.1:2/v1beta"


@pytest.mark.parametrize(
    "url",
    ["http://platform.segmentapis.com", "https://u:p@platform.segmentapis.com/v1beta", "ftp://x"],
)
def test_urls_that_are_refused(url: str) -> None:
    with pytest.raises(ConfigurationError):
        ConfigAPI(TOKEN, url=url)


@pytest.mark.parametrize("url", ["https://api.segmentapis.com", "https://eu1.api.segmentapis.com"])
def test_the_public_api_is_another(url: str) -> None:
    with pytest.raises(ConfigurationError, match="is the Public API, not the legacy"):
        ConfigAPI(TOKEN, url=url)


def test_the_eu_has_no_legacy_api(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match="US only"):
        ConfigAPI(TOKEN, region="eu")
    with pytest.raises(ConfigurationError, match="takes us only"):
        ConfigAPI(TOKEN, region="mars")
    monkeypatch.setenv("SEGMENT_REGION", "eu")
    with pytest.raises(ConfigurationError, match="SEGMENT_REGION"):
        ConfigAPI(TOKEN)
    # A url of one's own, such as an emulator's, goes with any region of the environment.
    assert ConfigAPI(TOKEN, url="http://127.0.0.1:1").url == "http://127.0.0.1:1/v1beta"
    monkeypatch.setenv("SEGMENT_REGION", "us")
    assert ConfigAPI(TOKEN, region="us").url == "https://platform.segmentapis.com/v1beta"


def test_the_workspace_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGMENT_WORKSPACE", "acme")
    made, script = client(ok(name="workspaces/acme/sources/js"), workspace=None)
    assert made.workspace == "acme"
    made.sources.get("js")
    # No request to find out whose token it is: the path says the workspace.
    assert script.sent == [("GET", "/v1beta/workspaces/acme/sources/js")]


def test_no_other_workspace() -> None:
    made, script = client()
    calls: tuple[Callable[[], object], ...] = (
        lambda: made.workspaces.get("other"),
        lambda: made.sources.list("other"),
        lambda: made.sources.get("workspaces/other/sources/js"),
    )
    for wrong in calls:
        with pytest.raises(ConfigurationError, match=r"another workspace|for the workspace 'acme'"):
            wrong()
    assert script.requests == []
    made, _ = client(workspace=None)
    with pytest.raises(ConfigurationError, match="Which workspace"):
        made.sources.list()
    with pytest.raises(ConfigurationError, match="cannot be part"):
        client(workspace="a/b")


def test_two_hundred_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit holds for all operations together, without being told by a 429."""
    answers = [ok(name="workspaces/acme") for _ in range(201)]
    made, _ = client(*answers)
    waits: list[float] = []
    made._sleep = waits.append
    for _ in range(200):
        made.workspaces.get()
    assert waits == []
    made.workspaces.get()
    assert len(waits) == 1
    assert 50 < waits[0] < 61

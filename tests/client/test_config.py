"""Token, url, region and switches: resolved once, contradictions refused."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

from segform import ConfigurationError, Segment
from segform.transport.config import Config


def config(argument: str | None = None, /, *, env: dict[str, str] | None = None) -> Config:
    return Config(token=argument, environ=env or {})


@pytest.mark.parametrize("name", ["SEGMENT_API_TOKEN", "PUBLIC_API_TOKEN"])
def test_token_from_either_variable(name: str) -> None:
    assert config(env={name: " abc\n"}).token.reveal() == "abc"


def test_token_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("from-file\n")
    assert config(env={"SEGMENT_API_TOKEN_FILE": str(file)}).token.reveal() == "from-file"


def test_an_argument_stands_above_the_environment() -> None:
    assert config("mine", env={"SEGMENT_API_TOKEN": "theirs"}).token.reveal() == "mine"


def test_two_tokens_that_differ_are_an_error_that_shows_neither() -> None:
    env = {"SEGMENT_API_TOKEN": "one-secret", "PUBLIC_API_TOKEN": "two-secret"}
    with pytest.raises(ConfigurationError) as caught:
        config(env=env)
    assert "SEGMENT_API_TOKEN and PUBLIC_API_TOKEN" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_two_tokens_that_agree_are_none() -> None:
    env = {"SEGMENT_API_TOKEN": "same", "PUBLIC_API_TOKEN": "same"}
    assert config(env=env).token.reveal() == "same"


def test_a_file_that_differs_from_the_variable_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("a")
    with pytest.raises(ConfigurationError, match="different tokens"):
        config(env={"SEGMENT_API_TOKEN": "b", "SEGMENT_API_TOKEN_FILE": str(file)})


def test_no_token_says_where_to_get_one() -> None:
    with pytest.raises(ConfigurationError, match="SEGMENT_API_TOKEN"):
        config()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="nowhere"):
        config(env={"SEGMENT_API_TOKEN_FILE": str(tmp_path / "nowhere")})


@pytest.mark.parametrize("text", ["", "  ", "two words", "line\nbreak", "tokén", "a\x00b"])
def test_what_cannot_be_a_token_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError):
        config(text)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://api.segmentapis.com/", "https://api.segmentapis.com"),
        ("https://proxy.example/segment/", "https://proxy.example/segment"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.8.8.8", "http://127.8.8.8"),
        ("http://localhost:1", "http://localhost:1"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_urls_that_are_taken(url: str, kept: str) -> None:
    assert Config(token="t", url=url, environ={}).url == kept


@pytest.mark.parametrize(
    "url",
    [
        "http://api.segmentapis.com",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "https://user:pass@api.segmentapis.com",
        "https://api.segmentapis.com?x=1",
        "https://api.segmentapis.com#x",
        "ftp://api.segmentapis.com",
        "api.segmentapis.com",
        "https://",
        "https://host:port",
        "https://[",
    ],
)
def test_urls_that_are_refused(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Config(token="t", url=url, environ={})
    assert "pass@" not in str(caught.value)


def test_regions() -> None:
    assert Config(token="t", environ={}).url == "https://api.segmentapis.com"
    assert Config(token="t", region="EU", environ={}).url == "https://eu1.api.segmentapis.com"
    env = {"SEGMENT_REGION": "eu"}
    assert Config(token="t", environ=env).url == "https://eu1.api.segmentapis.com"
    with pytest.raises(ConfigurationError, match="us or eu"):
        Config(token="t", region="mars", environ={})


def test_a_region_and_the_other_regions_url_contradict_each_other() -> None:
    with pytest.raises(ConfigurationError, match="differ"):
        Config(token="t", url="https://api.segmentapis.com", region="eu", environ={})
    env = {"SEGMENT_API_URL": "https://api.segmentapis.com", "SEGMENT_REGION": "eu"}
    with pytest.raises(ConfigurationError, match="differ"):
        Config(token="t", environ=env)


def test_an_emulators_url_goes_with_any_region() -> None:
    env = {"SEGMENT_API_URL": "http://127.0.0.1:1", "SEGMENT_REGION": "eu"}
    assert Config(token="t", environ=env).url == "http://127.0.0.1:1"


def test_two_urls_that_differ() -> None:
    env = {"SEGMENT_API_URL": "http://127.0.0.1:1", "PUBLIC_API_URL": "http://127.0.0.1:2"}
    with pytest.raises(ConfigurationError, match="differ"):
        Config(token="t", environ=env)
    assert Config(token="t", environ={"PUBLIC_API_URL": "http://127.0.0.1:2"}).url.endswith(":2")


def test_the_environments_lock_is_not_lifted_by_code() -> None:
    assert Config(token="t", read_only=False, environ={"SEGMENT_READ_ONLY": "1"}).read_only
    assert Config(token="t", read_only=True, environ={}).read_only
    assert not Config(token="t", environ={"SEGMENT_READ_ONLY": "0"}).read_only
    with pytest.raises(ConfigurationError, match="SEGMENT_READ_ONLY"):
        Config(token="t", environ={"SEGMENT_READ_ONLY": "maybe"})


@pytest.mark.parametrize("seconds", [0, -1, float("inf"), float("nan")])
@pytest.mark.parametrize("name", ["timeout", "deadline"])
def test_a_time_is_a_number_above_zero(name: str, seconds: float) -> None:
    options: dict[str, Any] = {name: seconds}
    with pytest.raises(ConfigurationError, match=name):
        Segment(token="t", **options)


def test_a_share_is_at_least_one() -> None:
    with pytest.raises(ConfigurationError, match="requests_per_minute"):
        Config(token="t", requests_per_minute=0, environ={})


@pytest.mark.parametrize("suffix", ["a\r\nX: 1", "é"])
def test_a_suffix_cannot_smuggle_a_header(suffix: str) -> None:
    with pytest.raises(ConfigurationError, match="user_agent_suffix"):
        Config(token="t", user_agent_suffix=suffix, environ={})


def test_an_unknown_log_level_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="SEGMENT_LOG"):
        Config(token="t", environ={"SEGMENT_LOG": "loud"})


def test_nothing_that_holds_the_token_shows_it() -> None:
    client = Segment(token="sgp_canary")
    made = Config(token="sgp_canary", environ={})
    for shown in (repr(client), str(client), repr(made), repr(made.token), f"{made.token}"):
        assert "canary" not in shown
    with pytest.raises(TypeError):
        pickle.dumps(made.token)

"""The official Python SDK as the peer, where it is at hand; it is not on PyPI.

Make a virtual environment with it (`pip install git+https://github.com/segmentio/…`) and name its
Python in SEGFORM_PEER_PYTHON. Its code runs there, never here.
"""

from __future__ import annotations

import os
import subprocess

MISSING = "the official SDK is not at hand; name a Python that has it in SEGFORM_PEER_PYTHON"

_LIST = """
import sys, time
import segment_public_api as sdk
from segment_public_api.models.pagination_input import PaginationInput

def walk(url):
    found, cursor = 0, None
    with sdk.ApiClient(sdk.Configuration(access_token="x", host=url)) as client:
        api = sdk.SourcesApi(client)
        while True:
            data = api.list_sources(pagination=PaginationInput(count=200, cursor=cursor)).data
            found += sum(1 for source in data.sources if source.id)
            cursor = data.pagination.next
            if not cursor:
                return found

walk(sys.argv[1])
start = time.perf_counter()
assert walk(sys.argv[1]) == 10_000
print(time.perf_counter() - start)
"""
_DECODE = """
import json, statistics, sys, time
from segment_public_api.models.list_sources200_response import ListSources200Response

body = open(sys.argv[1], "rb").read()

def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start

def decode():
    page = ListSources200Response.from_json(body.decode())
    for source in page.data.sources:
        source.to_dict()

decode()
pairs = [(seconds(decode), seconds(lambda: json.loads(body))) for _ in range(30)]
print(statistics.median(a / b for a, b in pairs))
"""
_START = "import segment_public_api as s; s.SourcesApi(s.ApiClient(s.Configuration('x')))"


def python() -> str | None:
    """The Python that has it, or None."""
    return os.environ.get("SEGFORM_PEER_PYTHON") or None


def _number(code: str, *arguments: str) -> float:
    command = [str(python()), "-I", "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)


def listing(url: str) -> float:
    """Seconds to list all sources of a server, after a first time."""
    return _number(_LIST, url)


def decoding(page: str) -> float:
    """How many times `json.loads` it takes to decode a page and read it all."""
    return _number(_DECODE, page)


def start() -> list[str]:
    """The command that imports it and makes a client."""
    return [str(python()), "-I", "-c", _START]

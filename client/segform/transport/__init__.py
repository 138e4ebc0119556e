"""One request, sent well: credentials, encoding, pacing, repetition, paging, errors.

Everything that decides is free of I/O (`config`, `encode`, `limits`, `retry`, `answer`, `paging`,
`exchange`); `http` is the only module that knows httpx, `client` the only one that knows tenacity.
"""

from __future__ import annotations

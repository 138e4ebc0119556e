"""One request, sent well: credentials, encoding, pacing, repetition, paging, errors.

Everything that decides is free of I/O (`config`, `encode`, `limits`, `retry`, `answer`, `paging`,
`exchange`). `http` and what is below it (`connections`, `streams`) alone know httpx and httpcore;
`client` and `aio` alone know tenacity.
"""

from __future__ import annotations

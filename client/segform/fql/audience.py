"""The queries of audiences and computed traits, which are another language than FQL.

They are carried as text: nothing here reads them, and nothing is claimed about what they mean.
"""

from __future__ import annotations

from .errors import MAX_BYTES, Diagnostic


def check_query(text: str) -> list[Diagnostic]:
    """What can be said of a query without reading it: that it is there, and how long it is.

    A query of more than 5 KB gets a warning: that is the documented limit of FQL, and none is
    documented for queries.
    """
    if not text.strip():
        mend = "Write the definition of the audience or trait"
        return [Diagnostic("error", "empty", "the query is empty", mend, 1, 1)]
    size = len(text.encode("utf-8", "surrogatepass"))
    if size <= MAX_BYTES:
        return []
    message = f"the query has {size} bytes, and the limit that is documented for FQL is {MAX_BYTES}"
    return [Diagnostic("warning", "size", message, "Shorten it, or try it with a preview", 1, 1)]

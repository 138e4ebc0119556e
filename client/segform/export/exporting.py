"""A snapshot as the files of a folder: code, what it reads, and notes for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from segform.workspace.bindings import Bindings

from . import cdktf, hcl, script
from .events import event_files
from .layout import LIMIT, paged
from .model import Code, EventFolder, Item, Json, Model, RuleFiles, of_snapshot, plain
from .printing import Printer
from .pythonic import Beside

_WRITERS: dict[str, Callable[[Model, Beside | None], dict[str, str]]] = {
    "hcl": lambda model, _: hcl.files(model),
    "cdktf": cdktf.files,
    "python": script.files,
}
FORMATS = tuple(_WRITERS)
# Longer rules stand in files of their own.
_INLINE = 60


class Exported(NamedTuple):
    """The files of a folder by their paths, and what people have to know.

    * `secrets`: variable -> what it is;
    * `left_out`: objects that the API does not show well enough to be code, or that no plan takes;
    * `clicks`: what has to be done in Segment's app;
    * `objects`: address -> import id, of what is in the code.
    """

    files: dict[str, str]
    secrets: dict[str, str]
    left_out: list[str]
    clicks: list[str]
    objects: dict[str, str]


def export(
    snapshot: Mapping[str, Any],
    form: str,
    *,
    bindings: Bindings | None = None,
    by: str | None = None,
    kinds: Iterable[str] = (),
    events: bool = False,
    lacking: Iterable[str] = (),
) -> Exported:
    """A snapshot of one workspace as code.

    * `form`: `hcl`, `cdktf` or `python`;
    * `bindings`: names that objects have already;
    * `by`: key of the label that says whose a source is; then there is a file for each team;
    * `kinds`: only these; what they refer to and is not among them stands there as its id;
    * `events`: a file for each event of a tracking plan (`cdktf` and `python`);
    * `lacking`: what the snapshot does not have, in words, for the notes.

    Raises ValueError for another format, a kind that there is not, and what is no snapshot of one
    workspace.
    """
    if form not in _WRITERS:
        raise ValueError(f"format {form!r} is none of {', '.join(FORMATS)}")
    if events and form == "hcl":
        raise ValueError("Terraform reads no event files: export as cdktf or python for those")
    model = of_snapshot(snapshot, bindings=bindings, team=by, kinds=kinds)
    model.left_out.extend(lacking)
    return of_model(model, form, events)


def of_model(
    model: Model, form: str, events: bool = False, beside: Beside | None = None
) -> Exported:
    """A model as the files of a folder; `beside` Python that exists, those that are added."""
    made: dict[str, str] = {}
    model = model._replace(items=[_apart(item, made, events) for item in model.items])
    made |= _WRITERS[form](model, beside)
    made["NOTES.md"] = _notes(model, form)
    objects = {item.address: item.import_id for item in model.items}
    return Exported(
        dict(sorted(made.items())), model.secrets, model.left_out, model.clicks, objects
    )


def _apart(item: Item, made: dict[str, str], events: bool) -> Item:
    """An item whose long texts are in files of their own."""
    values = dict(item.values)
    for key, value in item.values.items():
        if isinstance(value, Code):
            made[value.path] = value.text
        elif key == "rules_by_key" and isinstance(value, dict):
            found = event_files(item, value) if events else {}
            if found:
                made |= found
                values[key] = EventFolder(f"events/{item.name}")
                continue
            found = _rule_files(item, value)
            if found:
                made |= found
                values[key] = RuleFiles(sorted(found))
    return item._replace(values=values)


def _rule_files(item: Item, rules: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    printer = Printer()
    blocks = []
    for key, rule in rules.items():
        schema = rule["json_schema"]
        if not isinstance(schema, Json):
            return {}
        text = printer.text(schema.value, indent=1, before=len(key) + 6)
        if text.count("\n") >= LIMIT:
            text = printer.flat(schema.value)
        blocks.append(f"  {printer.key(key)}{text},\n")
    if sum(block.count("\n") for block in blocks) <= _INLINE:
        return {}
    pages = paged(f"tracking_plans/{item.name}", ".json", blocks)
    return {path: "{\n" + text.rstrip(",\n") + "\n}\n" for path, text in pages.items()}


_AFTER = {
    "hcl": "`terraform init`, `terraform plan`: every object is imported, nothing is changed. Then "
    "`terraform apply`, after which `imports*.tf` can go.",
    "cdktf": "`cdktf diff`: every object is imported, nothing is changed. Then `cdktf deploy`, "
    "after which `imports*.json` can go. (`cdktf` was archived in December 2025; `cdktn` is its "
    "living fork.)",
    "python": "`python main.py`: 0 changes. `bindings.json` says which name is which object; "
    "commit it with the code.",
}
_FROM = {
    "hcl": "`TF_VAR_<name>` or a `.tfvars` file that is not committed",
    "cdktf": "`TF_VAR_<name>`",
    "python": "`SEGMENT_SECRET_<NAME>`",
}
_UNFILLED = (
    "The API does not show them. Each comes from {}. Until it is there, the mask that stands for "
    "it means: leave what Segment has. A mask is never sent; an object that has to be made anew "
    "needs the secret itself."
)


def _notes(model: Model, form: str) -> str:
    lines = ["# What to know about this export", "", _AFTER[form], ""]
    lines += ["## Secrets to fill in", ""]
    if model.secrets:
        lines += [_UNFILLED.format(_FROM[form]), ""]
    lines += [f"* `{name}`: {said}" for name, said in sorted(model.secrets.items())] or ["None."]
    lines += ["", "## Not in the code", ""]
    lines += [f"* {_markdown(one)}" for one in model.left_out] or ["Nothing that the API shows."]
    lines += ["", "## To be done in Segment's app", ""]
    lines += [f"* {_markdown(one)}" for one in model.clicks] or ["Nothing."]
    return "\n".join(lines) + "\n"


def _markdown(text: str) -> str:
    """Remote text as plain text in Markdown."""
    return "".join(f"\\{char}" if char in "\\`*_[]<>#|!&~" else char for char in plain(text, 400))

"""Results of fixtures as JUnit XML, which every CI can show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from segform.inert import xml

from .testing import Result


def junit(results: Sequence[Result]) -> str:
    """One suite for each file, one case for each fixture."""
    counts = Counter(one.outcome for one in results)
    root = ET.Element(
        "testsuites",
        name="segform test",
        tests=str(len(results)),
        failures=str(counts["failed"]),
        errors=str(counts["error"]),
    )
    for file in dict.fromkeys(one.fixture.file for one in results):
        own = [one for one in results if one.fixture.file == file]
        count = Counter(one.outcome for one in own)
        suite = ET.SubElement(
            root,
            "testsuite",
            name=xml(file),
            tests=str(len(own)),
            failures=str(count["failed"]),
            errors=str(count["error"]),
        )
        for one in own:
            case = ET.SubElement(
                suite,
                "testcase",
                classname=xml(file),
                name=xml(one.fixture.name),
                file=xml(file),
                line=str(one.fixture.line),
            )
            if one.outcome == "passed":
                continue
            tag = "failure" if one.outcome == "failed" else "error"
            said = "\n".join(one.failures)
            found = ET.SubElement(case, tag, message=xml(one.failures[0]))
            found.text = xml(said)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True)

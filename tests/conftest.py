"""What all tests share: a clean environment, and the external tools or a loud word about them."""

from __future__ import annotations

import itertools
import logging
import os
import shutil
import signal
import subprocess
import tempfile
import zipfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, settings

from segform_provider.install import SOURCE

ROOT = Path(__file__).resolve().parent.parent
_OWN_TOOLS = ROOT / ".tools" / "node_modules" / ".bin"
_WORDS = {
    "terraform": "terraform is not on PATH: https://developer.hashicorp.com/terraform/install",
    "cdktf": "no cdktf in .tools or on PATH: make setup",
    "postgres": "PostgreSQL's postgres and initdb are not on PATH: install the server",
    "initdb": "PostgreSQL's postgres and initdb are not on PATH: install the server",
    "segment": "no evaluators of Segment's in .tools, or no Node: make setup",
    "release": "no .venv-release, which builds the provider's archive: make setup-release",
}
# What a test with this mark runs.
_NEEDS = {
    "terraform": ("terraform",),
    "cdktf": ("terraform", "cdktf"),
    "postgres": ("terraform", "postgres", "initdb"),
}
# A test must not see what the machine's owner has set for real work.
_FOREIGN = ("SEGMENT_", "PUBLIC_API_", "SEGFORM_", "TF_", "CDKTF_", "JSII_")
_HOME = pytest.StashKey["tempfile.TemporaryDirectory[str]"]()


# A busy machine is no defect: what hangs is ended by the limit on the test.
settings.register_profile("segform", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("segform")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Which form of the provider the real terraform runs."""
    parser.addoption(
        "--archive",
        action="store_true",
        help="tests/terraform with the provider's self-contained archive",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Clear the environment before anything is imported that might read it."""
    for name in list(os.environ):
        if name.startswith(_FOREIGN):
            del os.environ[name]
    # A shell ignores Ctrl-C for what it starts in the background, and all below inherits that.
    if not hasattr(config, "workerinput"):
        signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ["CHECKPOINT_DISABLE"] = "1"
    # Both frameworks are installed here, and only a test's own app says which one is meant.
    os.environ["SEGFORM_CDK"] = "cdktf"
    # Everything that tests speak to is on this machine, also behind a proxy.
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "*"
    os.environ["PATH"] = os.pathsep.join([str(_OWN_TOOLS), os.environ.get("PATH", "")])
    # Terraform's and npm's settings, plugins and caches of the machine's owner are none of ours.
    config.stash[_HOME] = tempfile.TemporaryDirectory(prefix="segform-home-")
    os.environ["HOME"] = config.stash[_HOME].name


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the home folder of this run."""
    config.stash[_HOME].cleanup()


def _found(tool: str) -> str | None:
    """The program, or None. PATH begins with our own tools."""
    return shutil.which(tool)


def _lacking(item: pytest.Item) -> str | None:
    """What a test needs and this machine does not have, in words."""
    for mark, tools in _NEEDS.items():
        if item.get_closest_marker(mark):
            for tool in tools:
                if not _found(tool):
                    return _WORDS[tool]
    return None


# What `make quick` leaves for `make test`: sweeps over many faults, kills and page-long examples.
_SLOW = (
    "tests/protocol/test_faults.py",
    "tests/protocol/test_official_defects",
    "tests/protocol/test_creates.py",
    "tests/protocol/test_official_state.py",
    "tests/protocol/test_standard.py::test_each_attribute_changes_as_declared",
    "tests/chaos/",
    "tests/workspace/test_faults.py",
    "tests/tracking/test_plain_yaml.py",
    "tests/examples/",
    "tests/gitops/",
    "tests/export/",
    "tests/workspace/test_kills.py",
    "tests/workspace/test_scenarios.py",
    "tests/emulator/test_durability.py",
    "tests/emulator/test_history.py",
    "tests/emulator/test_rough.py",
    "tests/emulator/test_bad_input.py",
    "tests/emulator/test_legacy_wire.py",
    "tests/client/test_connections.py",
    "tests/client/test_ahead.py",
    "tests/config_api/test_migration.py",
    "tests/house/test_telemetry.py",
    "tests/cdktf/",
    "tests/tracking/test_hostile.py",
    "tests/tracking/test_grading.py",
    "tests/tracking/test_patterns.py",
    "tests/protocol/test_deviations.py",
    "tests/client/test_round_trips.py",
    "tests/cli/",
    "tests/report/test_reading.py",
    "tests/mapping/test_checks.py",
    "tests/config_api/test_tutorial.py",
    "tests/config_api/test_emulator.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow, by the file that it is in and the name that it has there."""
    for item in items:
        where = f"{item.path.relative_to(ROOT).as_posix()}::{item.name}"
        if where.startswith(_SLOW):
            item.add_marker("slow")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out what needs a tool that is not here; with CI set, that is a failure."""
    words = _lacking(item)
    if words is not None:
        _leave_out(words)


def _leave_out(words: str) -> NoReturn:
    """Skip, or with CI set: fail."""
    if os.environ.get("CI", "").lower() in ("1", "true"):
        pytest.fail(f"cannot run: {words}", pytrace=False)
    pytest.skip(words)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter,
) -> Generator[None, None, None]:
    """What tests have to tell (`record_property("told", …)`), and one loud line for what was left
    out, as the last one."""
    yield
    for report in terminalreporter.stats.get("passed", ()):
        for name, words in report.user_properties:
            if name == "told":
                terminalreporter.write_line(str(words))
    # From the reports, since it is the workers of xdist that collect and skip.
    passed = terminalreporter.stats.get("passed", ())
    cases = [n for one in passed for name, n in one.user_properties if name == "schemathesis"]
    if cases:
        terminalreporter.write_line(f"schemathesis: {sum(cases):,} cases answered as documented")
    reasons = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", ())]
    for words in _WORDS.values():
        count = sum(words in reason for reason in reasons)
        if count:
            line = f"LEFT OUT: {count} tests, because {words}"
            terminalreporter.write_line(line, red=True, bold=True)


@pytest.fixture(scope="session")
def modules() -> Path:
    """The node_modules that has Segment's own evaluators, for tests marked `peers`."""
    program = _found("liquidjs")
    if program is None or _found("node") is None:
        _leave_out(_WORDS["segment"])
    return Path(program).parent.parent


_CACHES = itertools.count()


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test keeps of a catalogue is no other one's."""
    monkeypatch.setenv("XDG_CACHE_HOME", f"{os.environ['HOME']}/cache-{next(_CACHES)}")


@pytest.fixture(autouse=True)
def _own_log() -> Iterator[None]:
    """A log that one test switches on is off in the next."""
    log = logging.getLogger("segform.transport")
    before = (list(log.handlers), log.level, log.propagate)
    yield
    log.handlers, log.level, log.propagate = before


@pytest.fixture(scope="session")
def terraform() -> str:
    """The real terraform."""
    found = _found("terraform")
    assert found, "a test that uses terraform has to be marked so"
    return found


@pytest.fixture(scope="session")
def release() -> Path:
    """What `make release` makes: `release` and `mirror` in one folder; built where it is stale."""
    python = ROOT / ".venv-release" / "bin" / "python"
    if not python.exists():
        _leave_out(_WORDS["release"])
    # Workers wait for each other in there; who comes second finds that nothing has changed.
    done = subprocess.run(
        [str(python), "scripts/release.py"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return ROOT / "dist"


@pytest.fixture(scope="session")
def plugins(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plugin folder with the archive unpacked, which nobody but root could write to."""
    [package] = (release / "release").glob("*.zip")
    _, version, platform = package.stem.split("_", 2)
    folder = tmp_path_factory.mktemp("plugins")
    place = folder / SOURCE / version / platform
    place.mkdir(parents=True)
    with zipfile.ZipFile(package) as held:
        held.extractall(place)
        for entry in held.infolist():
            (place / entry.filename).chmod(entry.external_attr >> 16 & 0o555)
    # The way there, for other users of the machine.
    for path in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        path.chmod(0o555)
    folder.parent.chmod(0o711)
    return folder


@pytest.fixture(scope="session")
def tracked() -> list[Path]:
    """The files of the project, as git knows them (and those it would take)."""
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = [name for name in done.stdout.decode().split("\0") if name]
    return [ROOT / name for name in names if (ROOT / name).is_file()]

"""Changes checked as they would stand, and written all together or not at all."""

import fcntl
import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from pyoxigraph import NamedNode

from sparql_endpoint import paths
from sparql_endpoint.check.finding import Finding, Severity
from sparql_endpoint.check.run import check
from sparql_endpoint.edit.changes import Changes
from sparql_endpoint.errors import UsageError
from sparql_endpoint.export.atomic import whole_file
from sparql_endpoint.names import expand

__all__ = ["ChangedMeanwhileError", "Verdict", "difference", "digest_of", "judge", "save"]

_CHECKS_KEPT = 3
_MISSING = NamedNode(expand("sh:MinCountConstraintComponent"))


class ChangedMeanwhileError(UsageError):
    """A file is not any more as it was when the changes were made."""


@dataclass(frozen=True)
class Verdict:
    """What the check of changes finds that it does not find without them.

    Args:
        faults: what is wrong, errors and warnings: with any of them nothing is saved.
        missing: what things that are described still lack, for further claims to add.
    """

    faults: tuple[Finding, ...]
    missing: tuple[Finding, ...]


def judge(changes: Changes, sources: Path | None) -> Verdict:
    """Check the whole project as it would be, and return what the changes bring.

    ``sources`` is the folder of the sources' texts; without it quotes are not compared with them.

    Raises:
        RdfSyntaxError: a changed file is not Turtle.
    """
    found = _findings(_check(changes.files, sources))
    if found:  # a second check, of what stands on disk, only where it is needed
        known = set(map(_key, _check({}, sources)))
        found = [finding for finding in found if _key(finding) not in known]
    missing = [each for each in found if each.shacl and each.shacl.component == _MISSING]
    return Verdict(tuple(each for each in found if each not in missing), tuple(missing))


def difference(changes: Changes) -> str:
    """Return the changes as a unified diff, by paths below the project's folder."""
    lines: list[str] = []
    for path, after in sorted(changes.files.items()):
        before, name = changes.before[path], path.relative_to(paths.TOP).as_posix()
        lines += unified_diff(
            (before or "").splitlines(keepends=True),
            after.splitlines(keepends=True),
            "/dev/null" if before is None else f"a/{name}",
            f"b/{name}",
        )
    return "".join(lines)


def save(changes: Changes) -> None:
    """Write the changed files, all or none.

    Raises:
        ChangedMeanwhileError: somebody else changed one of them since it was read.
        UsageError: a file cannot be written.
    """
    with _locked(paths.DATA):
        for path, before in changes.before.items():
            if (path.read_text(encoding="utf-8") if path.exists() else None) != before:
                name = path.relative_to(paths.TOP)
                raise ChangedMeanwhileError(
                    f"{name} was changed meanwhile, and nothing was written: look at it, then save"
                    " again"
                )
        written: list[Path] = []
        try:
            for path, text in changes.files.items():
                _write(path, text)
                written.append(path)
        except BaseException:
            for path in written:
                _restore(path, changes.before[path])
            raise


def digest_of(changed: Mapping[Path, str]) -> bytes:
    """Return a digest of all files of the project, ``changed`` in place of what is on disk."""
    digest = hashlib.sha256()
    for path in sorted({*paths.TOP.rglob("*.ttl"), *changed}):
        content = changed[path].encode() if path in changed else path.read_bytes()
        digest.update(f"{path}\0{len(content)}\0".encode() + content)
    return digest.digest()


_checked: dict[tuple[bytes, Path | None], Sequence[Finding]] = {}
"""What the last checks found: what was saved is what was checked before."""


def _check(changed: Mapping[Path, str], sources: Path | None) -> Sequence[Finding]:
    state = digest_of(changed), sources
    if state not in _checked:
        while len(_checked) >= _CHECKS_KEPT:
            _checked.pop(next(iter(_checked)))
        _checked[state] = check((), sources, changed=changed).findings
    return _checked[state]


def _findings(findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity is not Severity.NOTE]


def _key(finding: Finding) -> tuple[str, ...]:
    terms = (finding.focus, finding.predicate, finding.value)
    return finding.rule, finding.message, *map(str, terms)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep other processes that save into the same folder waiting."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write(path: Path, text: str) -> None:
    with whole_file(path) as file:
        file.write(text.encode())


def _restore(path: Path, before: str | None) -> None:
    if before is None:
        path.unlink(missing_ok=True)
    else:
        _write(path, before)

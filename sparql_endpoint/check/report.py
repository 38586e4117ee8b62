"""The report of a check: its findings with their places, and the figures of what it covered."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import Field, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from sparql_endpoint.check.finding import Finding, Severity
from sparql_endpoint.check.tally import Unlisted
from sparql_endpoint.graph.document import Document, Pattern, Term
from sparql_endpoint.graph.evidence import Claim, Evidence

__all__ = ["Figures", "Places", "Report", "order"]


class Figures(Protocol):
    """A dataclass of the numbers of things checked; ``str`` returns them in words."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


_F_co = TypeVar("_F_co", bound=Figures, covariant=True)


@dataclass(frozen=True)
class Report(Generic[_F_co]):
    """The findings of a check, and its figures.

    Args:
        findings: in order of file and line.
        figures: how much was checked.
        unchecked: what could not be checked and why, a sentence each.
        elsewhere: the number of findings in files of the project that were not asked for.
        unlisted: the numbers of findings that are counted and not listed, by rule.
    """

    findings: tuple[Finding, ...]
    figures: _F_co
    unchecked: tuple[str, ...] = ()
    elsewhere: int = 0
    unlisted: tuple[Unlisted, ...] = ()

    @property
    def conforms(self) -> bool:
        """Whether there is neither an error nor a warning; notes do not matter here."""
        return not (self.count(Severity.ERROR) or self.count(Severity.WARNING))

    def count(self, severity: Severity) -> int:
        """Return the number of findings of one severity."""
        listed = Counter(finding.severity for finding in self.findings)[severity]
        return listed + sum(each.count for each in self.unlisted if each.severity == severity)


@dataclass(frozen=True)
class Places:
    """Finds file and line of findings, and the words of the quotes behind them.

    Args:
        documents: all files; a line in an earlier file is preferred.
        evidence: the claims and quotes of the graph.
    """

    documents: Sequence[Document]
    evidence: Evidence

    def place(self, finding: Finding) -> Finding:
        """Return the finding with file, line and quote, as far as they can be found."""
        document, line = self._find(finding)
        quote = finding.quote or self._quote(finding)
        return replace(finding, path=document.path if document else None, line=line, quote=quote)

    def _find(self, finding: Finding) -> tuple[Document | None, int | None]:
        focus, predicate, value = finding.focus, finding.predicate, finding.value
        patterns: list[Pattern] = [
            (focus, predicate, value),
            (focus, predicate, None),
            (value, predicate, None),
            (focus, None, None),
            (None, None, focus),
        ]
        for pattern in patterns:
            if pattern in self._documents:
                document = self._documents[pattern]
                return document, document.line(*pattern)
        return None, None

    @cached_property
    def _documents(self) -> dict[Pattern, Document]:
        found: dict[Pattern, Document] = {}
        for document in self.documents:
            for quad in document.statements:
                found.setdefault((quad.subject, quad.predicate, quad.object), document)
                found.setdefault((quad.subject, quad.predicate, None), document)
                found.setdefault((quad.subject, None, None), document)
                found.setdefault((None, None, quad.object), document)
        return found

    def _quote(self, finding: Finding) -> str:
        statement = (finding.focus, finding.predicate, finding.value)
        claim = self._claims.get(finding.focus) or self._claimed.get(statement)
        return (
            " … ".join(self.evidence.words(claim)) if claim else self._words.get(finding.focus, "")
        )

    @cached_property
    def _claims(self) -> dict[Term | None, Claim]:
        return {claim.iri: claim for claim in self.evidence.claims}

    @cached_property
    def _claimed(self) -> dict[tuple[Term | None, Term | None, Term | None], Claim]:
        return {(each.subject, each.predicate, each.object): each for each in self.evidence.claims}

    @cached_property
    def _words(self) -> dict[Term | None, str]:
        """The words of quotes by the names of quote and selector."""
        return {
            name: quote.exact
            for quote in self.evidence.quotes
            for name in (quote.iri, quote.selector)
            if quote.exact is not None and name is not None
        }


def order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings by file, line, focus node and message, those without a file last."""
    return tuple(sorted(findings, key=_key))


def _key(finding: Finding) -> tuple[bool, Path, int, str, str]:
    return (
        finding.path is None,
        finding.path or Path(),
        finding.line or 0,
        str(finding.focus),
        finding.message,
    )

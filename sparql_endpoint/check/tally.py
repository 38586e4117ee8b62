"""Findings of large data: the first of each rule are listed, the others are counted."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sparql_endpoint.check.finding import Finding, Severity

__all__ = ["Tally", "Unlisted"]


@dataclass(frozen=True, order=True)
class Unlisted:
    """The number of findings of a rule that are counted and not listed."""

    rule: str
    severity: Severity
    count: int


class Tally:
    """Lists at most ``most`` findings of each rule and severity, and counts the others.

    Without ``most`` it lists all findings.
    """

    def __init__(self, most: int | None = None) -> None:
        self.findings: list[Finding] = []
        self.most = most
        self._listed: Counter[tuple[str, Severity]] = Counter()
        self._unlisted: Counter[tuple[str, Severity]] = Counter()

    @property
    def unlisted(self) -> tuple[Unlisted, ...]:
        """The findings that are only counted, by rule."""
        return tuple(sorted(Unlisted(*key, count) for key, count in self._unlisted.items()))

    def add(self, findings: Iterable[Finding]) -> None:
        """List findings, or count them if their rule is at its limit."""
        for finding in findings:
            if self.has_room(finding.rule, finding.severity):
                self._listed[finding.rule, finding.severity] += 1
                self.findings.append(finding)
            else:
                self.count(finding.rule, finding.severity, 1)

    def count(self, rule: str, severity: Severity, number: int) -> None:
        """Count findings of which only the number is known."""
        if number:
            self._unlisted[rule, severity] += number

    def has_room(self, rule: str, severity: Severity) -> bool:
        """Return whether one more finding of a rule would be listed."""
        return self.most is None or self._listed[rule, severity] < self.most

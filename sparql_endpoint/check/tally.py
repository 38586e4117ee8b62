"""Findings of large data: of each rule the first, and how many more there are."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sparql_endpoint.check.finding import Finding, Severity

__all__ = ["Tally", "Unlisted"]


@dataclass(frozen=True, order=True)
class Unlisted:
    """How many findings of a rule there are beside those that are listed."""

    rule: str
    severity: Severity
    count: int


class Tally:
    """Lists findings, of each rule and severity at most ``most``, and counts the rest.

    Without ``most`` it lists them all.
    """

    def __init__(self, most: int | None = None) -> None:
        self.findings: list[Finding] = []
        self.most = most
        self._listed: Counter[tuple[str, Severity]] = Counter()
        self._unlisted: Counter[tuple[str, Severity]] = Counter()

    @property
    def unlisted(self) -> tuple[Unlisted, ...]:
        """What is counted only, by rule."""
        return tuple(sorted(Unlisted(*key, count) for key, count in self._unlisted.items()))

    def add(self, findings: Iterable[Finding]) -> None:
        """List findings, or count them where their rule has enough."""
        for finding in findings:
            if self.has_room(finding.rule, finding.severity):
                self._listed[finding.rule, finding.severity] += 1
                self.findings.append(finding)
            else:
                self.count(finding.rule, finding.severity, 1)

    def count(self, rule: str, severity: Severity, number: int) -> None:
        """Count findings that nobody has in full."""
        if number:
            self._unlisted[rule, severity] += number

    def has_room(self, rule: str, severity: Severity) -> bool:
        """Tell whether one more finding of a rule would be listed."""
        return self.most is None or self._listed[rule, severity] < self.most

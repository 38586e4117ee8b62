"""Runners that note what they are asked, or fail, for tests of what stands before a runner."""

from pyoxigraph import Store

from sparql_endpoint.limits import Limits
from sparql_endpoint.query.evaluation import Query, QueryRunner, Result

__all__ = ["CountingRunner", "FailingRunner"]


class CountingRunner(QueryRunner):
    """A runner over a store that notes the text of each query."""

    def __init__(self, store: Store, limits: Limits | None = None) -> None:
        super().__init__(lambda: store, limits or Limits())
        self.asked: list[str] = []

    def run(self, query: Query) -> Result:
        """Note the query, and return its answer."""
        self.asked.append(query.text)
        return super().run(query)


class FailingRunner(CountingRunner):
    """A runner that notes each query too, and raises ``error`` at those with ``word`` in them."""

    def __init__(self, error: Exception, store: Store | None = None, word: str = "") -> None:
        super().__init__(store or Store())
        self._error, self._word = error, word

    def run(self, query: Query) -> Result:
        """Raise the error, or return the answer."""
        if self._word not in query.text:
            return super().run(query)
        self.asked.append(query.text)
        raise self._error

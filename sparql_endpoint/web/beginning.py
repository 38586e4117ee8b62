"""Starting the engine of a service by itself, so that it loads while the rest is imported."""

from dataclasses import dataclass

from sparql_endpoint.engine.engine import Engine
from sparql_endpoint.engine.limits import Limits
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.web.loaded import Dataset, Origin

__all__ = ["Begun", "begin"]


@dataclass(frozen=True)
class Begun:
    """A dataset, where it is from, and an engine that has begun to load it."""

    origin: Origin
    dataset: Dataset
    engine: Engine


def begin(origin: Origin, limits: Limits) -> Begun:
    """Begin to load the dataset of ``origin``.

    Raises:
        NotFoundError: a file or store is not there.
        UsageError: this is not Linux, or ``origin`` does not go together.
    """
    dataset = origin.dataset()
    engine = Engine(
        dataset.load,
        limits,
        per_child=dataset.per_child,
        network=dataset.network,
        prefixes=PREFIXES,
        wait=False,
    )
    return Begun(origin, dataset, engine)

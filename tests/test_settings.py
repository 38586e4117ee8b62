"""Settings: named, documented, and the same by option, environment and table."""

from dataclasses import dataclass

import pytest

from sparql_endpoint.errors import UsageError
from sparql_endpoint.limits import Limits
from sparql_endpoint.settings import from_environment, setting, settings_of


@dataclass(frozen=True)
class Kitchen:
    """A group of settings of every kind."""

    ovens: int = setting(2, "Ovens.", unit="ovens", least=1)
    heat: float = setting(180.5, "Heat.", unit="degrees")
    gas: bool = setting(default=False, meaning="Gas, not power.")
    cook: str = setting("Ana", "Who cooks.")
    dishes: tuple[str, ...] = setting((), "Dishes.", flag="--dish")
    unlisted: int = 3


def test_settings_have_names_flags_and_variables() -> None:
    """Each is an option and an environment variable; a field that is no setting is neither."""
    found = [(entry.name, entry.flag, entry.variable) for entry in settings_of(Kitchen)]
    assert found == [
        ("ovens", "--ovens", "FORUMGRAPH_OVENS"),
        ("heat", "--heat", "FORUMGRAPH_HEAT"),
        ("gas", "--gas", "FORUMGRAPH_GAS"),
        ("cook", "--cook", "FORUMGRAPH_COOK"),
        ("dishes", "--dish", "FORUMGRAPH_DISHES"),
    ]


def test_environment_sets_what_it_names() -> None:
    """Values are read as the type of the default; the rest keep their defaults."""
    kitchen = from_environment(
        Kitchen,
        {"FORUMGRAPH_OVENS": "3", "FORUMGRAPH_GAS": "Yes", "FORUMGRAPH_DISHES": "soup pie"},
    )
    assert kitchen == Kitchen(ovens=3, gas=True, dishes=("soup", "pie"))


def test_environment_of_the_process_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a mapping the process's own environment counts."""
    monkeypatch.setenv("FORUMGRAPH_HEAT", "90")
    assert from_environment(Kitchen).heat == 90.0


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("OVENS", "two", "ovens: 'two' is no whole number"),
        ("OVENS", "0", "ovens: 0 is too small: give 1 or more"),
        ("HEAT", "hot", "heat: 'hot' is no number"),
        ("HEAT", "nan", "heat: 'nan' is no number"),
        ("HEAT", "inf", "heat: 'inf' is no number"),
        ("GAS", "maybe", "gas: 'maybe' is neither true nor false"),
    ],
)
def test_value_that_is_none_is_told(variable: str, value: str, says: str) -> None:
    """The error names the setting and what it takes."""
    with pytest.raises(UsageError, match=says):
        from_environment(Kitchen, {f"FORUMGRAPH_{variable}": value})


def test_truth_can_be_denied() -> None:
    """A variable may also switch a setting off."""
    assert from_environment(Kitchen, {"FORUMGRAPH_GAS": "off"}).gas is False


def test_default_is_shown_with_its_unit() -> None:
    """The documentation shows what holds when nothing is set."""
    shown = [entry.shown_default for entry in settings_of(Kitchen)]
    assert shown == ["2 ovens", "180.5 degrees", "False", "Ana", "none"]


def test_every_limit_is_a_documented_setting() -> None:
    """Each field of the limits has a meaning, and its default is one that it takes."""
    found = settings_of(Limits)
    assert [entry.name for entry in found] == list(Limits.__dataclass_fields__)
    assert all(entry.meaning.endswith(".") for entry in found)
    assert all(entry.parse(str(entry.default)) == entry.default for entry in found if entry.least)

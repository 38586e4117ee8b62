"""``forumgraph check --repair`` mends marks, dashes and spaces, and nothing else."""

from own_project import ARTICLE, Project


def test_marks_are_mended_and_letters_are_not(project: Project) -> None:
    """The quote keeps its name, since it stands where it stood."""
    path = project.top / "data" / "claims" / f"{ARTICLE}.ttl"
    good = path.read_text(encoding="utf-8")
    words = 'oa:exact "Lakes Forum Meets in Lakeport"'
    path.write_text(good.replace(words, 'oa:exact "Lakes\u00a0Forum Meets in Lakeport"'), "utf-8")
    outcome = project.run("check", "--repair")
    assert outcome.returncode == 0, outcome.stdout
    assert f"quote:{ARTICLE}-0-29 mended" in outcome.stderr
    assert path.read_text(encoding="utf-8") == good
    path.write_text(good.replace(words, 'oa:exact "lakes Forum Meets in Lakeport"'), "utf-8")
    outcome = project.run("check", "--repair")
    assert outcome.returncode == 1
    assert "mended" not in outcome.stderr

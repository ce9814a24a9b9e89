"""The reference says what the code says."""

from pathlib import Path

import click
import pytest

from roadstead.cli.main import main
from scripts import reference

ROOT = Path(__file__).parent.parent.parent


def test_the_reference_is_up_to_date() -> None:
    assert [*reference.complaints()] == []


def test_what_people_wrote_about_a_setting_stays() -> None:
    said = "| `ROADSTEAD_PORT` | `1` | where it listens |\n| `ROADSTEAD_GONE` | `2` | old |\n"
    table = reference.settings_table("roadstead.config.options.Options", said)
    assert "| `ROADSTEAD_PORT` | `8000` | where it listens |" in table
    assert "GONE" not in table
    assert "| `ROADSTEAD_LIMITS__UPLOAD_BYTES` | `16777216` |  |" in table


def test_every_command_has_a_part() -> None:
    text = (ROOT / "docs/reference/command-line.md").read_text()
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        words = [f"{name} {word}" for word in command.commands] if isinstance(command, click.Group) else [name]
        assert [word for word in words if f"<!-- help: roadstead {word} -->" not in text and word != "manage"] == []


def test_every_option_and_argument_of_a_command_is_explained() -> None:
    context = click.Context(main)
    groups = [command for name in main.list_commands(context) if isinstance(command := main.get_command(context, name), click.Group)]
    mute = [
        f"{group.name} {command.name} {option.name}"
        for group in groups
        for command in group.commands.values()
        for option in command.params
        if isinstance(option, click.Option) and not option.help
    ]
    assert mute == []


def test_a_document_that_fell_behind_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(reference, "DOCS", tmp_path)
    (tmp_path / "checks.md").write_text("<!-- problems: roadstead.packaging.kinds -->\nold\n<!-- end -->\n")
    assert ["out of date" in line for line in reference.complaints()] == [True]
    assert reference.main(["--write"]) == 0
    written = (tmp_path / "checks.md").read_text()
    assert "### The archive" in written
    assert "| `path_too_deep` | The path has more than ‹limit› levels. |" in written


def test_links_in_the_documents_lead_somewhere() -> None:
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    dead = [
        f"{document.relative_to(ROOT)}: {target}"
        for document in documents
        for target in reference.LINK.findall(document.read_text())
        if "://" not in target and not (document.parent / target.partition("#")[0]).exists()
    ]
    assert dead == []

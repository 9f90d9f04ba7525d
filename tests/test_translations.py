"""Every text of the program stands in every translation, whole, and the compiled files are those sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from planner.domain.languages import Language
from planner.web.languages import NAMES

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "planner" / "translations"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")
NUMBER_ALONE = {"%(num)s"}
"""A form for one may leave the number out ("every day") and may have it where English does not."""

TRANSLATED = [language for language in Language if language is not Language.EN]


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What `make translate` extracts, without touching the files."""
    found = tmp_path_factory.mktemp("texts") / "messages.pot"
    command = [
        "pybabel",
        "--quiet",
        "extract",
        f"--mapping={ROOT / 'pyproject.toml'}",
        "-o",
        str(found),
        str(ROOT),
    ]
    CommandLineInterface().run(command)
    with found.open("rb") as file:
        return read_po(file)


@pytest.fixture(params=TRANSLATED)
def translation(request: pytest.FixtureRequest) -> Catalog:
    with path_of(request.param, "po").open("rb") as file:
        return read_po(file, locale=request.param.value)


def path_of(language: Language, ending: str) -> Path:
    return FOLDER / language.value / "LC_MESSAGES" / f"messages.{ending}"


def messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def test_every_language_has_its_name_and_its_folder() -> None:
    assert set(NAMES) == set(Language)
    assert {path.name for path in FOLDER.iterdir() if path.is_dir()} == set(TRANSLATED)


def test_the_program_has_texts(texts: Catalog) -> None:
    assert len(list(messages(texts))) > 1500


def test_a_translation_has_the_texts_of_the_program_and_no_others(
    texts: Catalog, translation: Catalog
) -> None:
    ours, theirs = set(contents(texts)), set(contents(translation))
    assert ours - theirs == set(), "run `make translate`, then translate what is new"
    assert theirs - ours == set(), "run `make translate`"
    assert not translation.obsolete


def test_nothing_is_left_empty_or_marked_as_unsure(translation: Catalog) -> None:
    todo = [
        message.id
        for message in messages(translation)
        if message.fuzzy or not all(form.strip() for form in forms(message.string))
    ]
    assert todo == []


def test_the_same_values_stand_in_text_and_translation(translation: Catalog) -> None:
    wrong = [message.id for message in messages(translation) if not same_values(message)]
    assert wrong == []


def same_values(message: Message) -> bool:
    wanted = {value for form in forms(message.id) for value in PLACEHOLDER.findall(form)}
    many = len(forms(message.id)) > 1
    for form in forms(message.string):
        found = set(PLACEHOLDER.findall(form))
        if found != wanted and not (many and found ^ wanted <= NUMBER_ALONE):
            return False
    return True


def test_a_text_with_a_form_for_many_has_all_forms_its_language_needs(translation: Catalog) -> None:
    for message in messages(translation):
        wanted = translation.num_plurals if isinstance(message.id, tuple) else 1
        assert len(forms(message.string)) == wanted, message.id


def test_spaces_around_a_text_are_kept(translation: Catalog) -> None:
    """A text that begins with a space or a comma is put behind another."""
    for message in messages(translation):
        for form in forms(message.string):
            assert form.startswith(" ") == forms(message.id)[0].startswith(" "), message.id
            assert form.endswith(" ") == forms(message.id)[0].endswith(" "), message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_compiled_file_is_that_of_its_source(language: Language) -> None:
    with path_of(language, "po").open("rb") as source, path_of(language, "mo").open("rb") as compiled:
        wanted, found = contents(read_po(source)), contents(read_mo(compiled))
    assert found == wanted, "run `make translate`"


def contents(catalog: Catalog) -> dict[tuple[str | None, tuple[str, ...]], tuple[str, ...]]:
    """By context and text: "Pin" is a thing on a map and something to do to a visit."""
    return {(message.context, forms(message.id)): forms(message.string) for message in messages(catalog)}


def test_what_is_said_in_python_can_be_found_by_the_extraction() -> None:
    """Python before 3.12 reads an f-string as one text: a gettext in it is never seen by pybabel."""
    inside = re.compile(r"""\bf(["']).*\{n?gettext\(""")
    for path in sorted((ROOT / "planner").rglob("*.py")):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert not inside.search(line), f"{path.name}: {line.strip()}"

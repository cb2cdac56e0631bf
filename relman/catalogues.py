"""What every language says for every text of the product: texts are gathered, catalogues brought up to date, compiled.

Done here rather than by GNU gettext, which a fresh machine has not: texts come out of the code by Python's own
parser and out of templates by Django's, catalogues are read and written by Babel. Needs no settings.
"""

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from relman import names

if TYPE_CHECKING:
    from babel.messages import Catalog

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
DOMAIN, ENGLISH = "django", "en_GB"
NOT_OURS = {".cache", ".git", ".venv", "benchmarks", "demo", "docs", "migrations", "static", "tests", "var"}
"""Folders whose texts nobody reads on a page."""

HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""
"""Without dates: a catalogue changes when what it says does."""

LITERAL = r"""u?(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")"""
IN_TEMPLATE = re.compile(rf"\b(n?p?gettext|_)\(({LITERAL}(?:\s*,\s*{LITERAL})*)")


@dataclass(frozen=True)
class Text:
    """A text as the code has it: for one, for many where it counts, and a context where the words alone mislead."""

    one: str
    many: str = ""
    context: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What a catalogue finds it by: it can say only one thing for these."""
        return self.context, self.one


def texts() -> dict[Text, str]:
    """Every text with the first place where it is."""
    found: dict[Text, str] = {}
    for path in _files():
        source = path.read_text(encoding="utf-8")
        read = _of_code if path.suffix == ".py" else _of_template
        for text in read(source):
            found.setdefault(text, str(path.relative_to(ROOT)))
    return found


def catalogue_path(language: str) -> Path:
    """Where the catalogue of a language is kept."""
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def languages() -> list[str]:
    """The languages that have a catalogue."""
    if not LOCALE.exists():
        return []
    return sorted(path.name for path in LOCALE.iterdir() if catalogue_path(path.name).exists())


def catalogue(language: str) -> "Catalog":
    """The catalogue of a language as it is kept."""
    from babel.messages.pofile import read_po  # noqa: PLC0415  only who writes or compiles catalogues needs it

    with catalogue_path(language).open("rb") as source:
        return read_po(source, locale=language, domain=DOMAIN)


def refresh(language: str) -> list[str]:
    """Brings a catalogue up to date: new texts come in empty, those that are gone leave; gives what is to translate."""
    from babel.messages import Catalog  # noqa: PLC0415  as above
    from babel.messages.pofile import write_po  # noqa: PLC0415  as above

    held = catalogue(language)
    fresh = Catalog(locale=language, domain=DOMAIN, fuzzy=False)
    missing = []
    for text in texts():
        known = held.get(text.one, text.context or None)
        said = (
            known.string
            if known is not None and bool(text.many) == isinstance(known.id, tuple | list)
            else ""
        )
        if not (all(said) if isinstance(said, tuple | list) else said):
            missing.append(text.one)
            said = ("",) * fresh.num_plurals if text.many else ""
        fresh.add((text.one, text.many) if text.many else text.one, said, context=text.context or None)
    with catalogue_path(language).open("wb") as target:
        target.write(HEADER.format(language=language, plurals=fresh.plural_forms).encode())
        write_po(target, fresh, width=0, no_location=True, sort_output=True, omit_header=True)
    return missing


def compile_stale() -> list[str]:
    """Compiles the catalogues that changed since they were last compiled; gives their languages.

    Names of places and currencies are written beside them.
    """
    done = []
    for language in languages():
        kept = catalogue_path(language)
        compiled = kept.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < kept.stat().st_mtime:
            _compile(catalogue(language), compiled)
            done.append(language)
        names.write_if_stale(language, LOCALE / language)
    if done:
        _compile(_english(catalogue(done[0])), catalogue_path(ENGLISH).with_suffix(".mo"))
    return done


def _english(other: "Catalog") -> "Catalog":
    """Every text as its own translation.

    It is found at once, where what stands in no catalogue is sought in vain in each that Django has for English,
    for more than twice as long; a page asks some hundred times.
    """
    from babel.messages import Catalog  # noqa: PLC0415  as above

    made = Catalog(locale=ENGLISH, domain=DOMAIN, fuzzy=False)
    for message in other:
        if message.id:  # the first is the head of the file
            made.add(message.id, message.id, context=message.context)
    return made


def _compile(said: "Catalog", compiled: Path) -> None:
    """Written beside, then put in place: a process that reads never finds half a file, nor does one that writes too."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415  as above

    compiled.parent.mkdir(parents=True, exist_ok=True)
    beside = compiled.with_suffix(f".{os.getpid()}")
    with beside.open("wb") as target:
        write_mo(target, said)
    beside.replace(compiled)


def _files() -> Iterator[Path]:
    for folder in sorted(ROOT.iterdir()):
        if folder.is_dir() and folder.name not in NOT_OURS:
            wanted = (path for path in sorted(folder.rglob("*")) if path.suffix in {".py", ".html", ".txt"})
            yield from (path for path in wanted if not NOT_OURS & set(path.relative_to(ROOT).parts))


def _of_code(source: str) -> Iterator[Text]:
    if "gettext" not in source:
        return
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        given = [each.value for each in node.args if isinstance(each, ast.Constant)]
        words = [each for each in given if isinstance(each, str)]
        name = called.removesuffix("_lazy").removesuffix("_noop")
        if words and (name == "_" or name.endswith("gettext")):
            yield _text(name, words)


def _of_template(source: str) -> Iterator[Text]:
    """Django makes calls of a template's tags, as its own command does for xgettext."""
    if "trans" not in source and "_(" not in source:
        return
    from django.utils.translation.template import templatize  # noqa: PLC0415  compiling alone needs no Django

    for name, literals in IN_TEMPLATE.findall(templatize(source)):
        words = ast.literal_eval(f"[{literals}]")
        yield _text(name, words)


def _text(name: str, words: list[str]) -> Text:
    context = words.pop(0) if name in {"pgettext", "npgettext"} else ""
    many = words[1] if name in {"ngettext", "npgettext"} else ""
    return Text(words[0], many, context)

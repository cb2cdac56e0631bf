"""`manage.py mail-report`, on the labelled mails of the repository and on a few made here."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from messaging.operations.labelled_mails import measured_mails, summed

REPLIES = Path(__file__).parents[1] / "data" / "replies"
LANGUAGES = {"da", "de", "en", "fi", "fr", "hu", "it", "nl", "no", "pl", "pt", "ru"}


def said(*arguments: str) -> list[str]:
    out = io.StringIO()
    call_command("mail-report", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_labelled_mails_are_told_apart_but_for_two_lines() -> None:
    mails = measured_mails(REPLIES)
    assert {mail.language for mail in mails} == LANGUAGES
    assert sorted(mail.file for mail in mails) == sorted(
        path.relative_to(REPLIES).as_posix() for path in REPLIES.glob("*/*.*")
    )
    for name, files in (("crisp", 88), ("talon", 32)):
        figures = summed(mail for mail in mails if mail.set == name)
        assert figures.files == files
        assert min(figures.accuracy, figures.mean) >= 0.95
    assert [(line.file, line.number) for mail in mails for line in mail.wrong] == [
        ("crisp/email_6.txt", 3),
        ("crisp/email_reply_header.txt", 11),
    ]


def test_the_report_says_what_was_measured_by_set_by_language_and_held_out() -> None:
    lines = said("--wrong")
    assert said() == lines[:19]
    names = [line[:12].strip() for line in lines[1:18]]
    assert names == ["crisp", "talon", *sorted(LANGUAGES), "held out", "the others", "all"]
    assert lines[17].split() == ["all", "120", "1,628", "1,626", "0.9988", "0.9989"]
    assert lines[19:] == [
        "crisp/email_6.txt:3: kept, to be left out: Sent a magnificent torch of pixels",
        "crisp/email_reply_header.txt:11: kept, to be left out: Stranger",
    ]


def labelled(folder: Path, *rows: str) -> str:
    (folder / "own").mkdir()
    (folder / "own" / "a.txt").write_text("Yes.\n> old\n\nSo.")
    (folder / "labels.csv").write_text("\n".join(["file,language,author,held_out,kept", *rows]))
    return str(folder)


def test_below_the_mark_it_fails_and_names_the_lines(tmp_path: Path) -> None:
    folder = labelled(tmp_path, "own/a.txt,en,,no,1-2")
    out = io.StringIO()
    with pytest.raises(CommandError, match="Below 95%: own") as failed:
        call_command("mail-report", folder, "--wrong", stdout=out)
    assert failed.value.returncode == 1
    assert out.getvalue().splitlines()[1].split() == ["own", "1", "3", "1", "0.3333", "0.3333"]
    assert out.getvalue().splitlines()[-2:] == [
        "own/a.txt:2: left out, to be kept: > old",
        "own/a.txt:4: kept, to be left out: So.",
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("own/a.txt,en,,no,1-9", "“1-9” are not lines of it"),
        ("own/a.txt,en,,no,", "“” are not lines of it"),
        ("own/a.txt,en,,no,first", "invalid literal"),
        ("own/b.txt,en,,no,1", "No such file"),
        ("", "holds no labelled mails"),
    ],
)
def test_labels_that_do_not_fit_are_refused(tmp_path: Path, row: str, reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        said(labelled(tmp_path, row))


def test_a_folder_without_labels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="holds no labelled mails that can be read"):
        said(str(tmp_path))

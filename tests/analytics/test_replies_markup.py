"""The text of a mail in HTML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.replies.markup import DEEPEST, RULE, shown_text

CASES = {
    "nothing": ("", ""),
    "plain": ("Hello\n  there", "Hello there"),
    "lines": ("<div>Hello<br>there</div><div>Bo</div>", "Hello\nthere\nBo"),
    "a blank line by a break": ("Hello<br><br>there<div><br></div>Bo", "Hello\n\nthere\n\nBo"),
    "paragraphs": ("<p>Hello</p>\n<p>there</p>Bo", "Hello\n\nthere\n\nBo"),
    "paragraphs of a word processor": (
        "<p class=MsoNormal>Hello</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>there</p>",
        "Hello\n\nthere",
    ),
    "quotes within quotes": (
        "Yes<blockquote>Do you?<br><br><blockquote>I do</blockquote>So</blockquote></blockquote>End",
        "Yes\n>\n> Do you?\n>\n> > I do\n>\n> So\n\nEnd",
    ),
    "a rule and a list": ("Yes<hr><ul><li>one<li>two</ul>", f"Yes\n{RULE}\n\n- one\n- two"),
    "cells": ("<table><tr><td>a</td><td>b</td></tr><tr><th>c</table>", "a b\nc"),
    "preformatted": ("<pre>a\n\n  b</pre>c", "a\n\n  b\n\nc"),
    "what is not shown": (
        "<title>x</title><style>p {a: b}</style><script>if (a<b) {'</p>'}</script><!-- c --><?xml d?>"
        "<!DOCTYPE e><![if f]>Yes<o:p></o:p></style>",
        "Yes",
    ),
    "a comment without end": ("Yes<!-- old", "Yes"),
    "an end within a tag": ('<p title="a > b" class="MsoNormal">Yes', "Yes"),
    "letters": ("a &lt;b&gt; &amp;c; &#8364;&#x110000000;&#99999999999;", "a <b> &c; €\ufffd\ufffd"),
    "an address that is not escaped": (
        "Ana <ana@acme.example> and 1 < 2",
        "Ana <ana@acme.example> and 1 < 2",
    ),
}


@pytest.mark.parametrize(("markup", "text"), CASES.values(), ids=CASES.keys())
def test_text_is_what_a_browser_shows(markup: str, text: str) -> None:
    assert shown_text(markup) == text


def test_quotes_without_end_do_not_make_lines_without_end() -> None:
    assert shown_text("<blockquote>" * 5000 + "old") == "> " * DEEPEST + "old"


PIECES = (
    "<",
    ">",
    "<p",
    "</p>",
    "<!--",
    "-->",
    "&#",
    "<![",
    "<pre>",
    "<hr>",
    "<td>",
    "\n",
    " ",
    "x",
    "<br/>",
    "&nbsp;",
)


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_broken_markup_is_read_and_its_text_has_no_blank_edges(markup: str) -> None:
    lines = shown_text(markup).split("\n")
    assert lines == [""] or (lines[0].strip() and lines[-1].strip())

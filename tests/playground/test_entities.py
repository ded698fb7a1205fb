"""HTML into entities, entities into safe HTML."""

from __future__ import annotations

import pytest

from bot.playground.entities import parse_html, tidied, utf16_length
from bot.playground.errors import ApiError
from bot.playground.rendering import render


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain &lt;&amp;&quot;&#33;&#x21;&laquo;", 'plain <&"!!&laquo;', []),
        ("🏟<i>🏟 x</i>", "🏟🏟 x", [("italic", 2, 4)]),
        ("<B>a<em>b</em></B>", "ab", [("italic", 1, 1), ("bold", 0, 2)]),
        ("<u>a</u><s>b</s><del>c</del>", "abc",
         [("underline", 0, 1), ("strikethrough", 1, 1), ("strikethrough", 2, 1)]),
        ('<span class="tg-spoiler">a</span>', "a", [("spoiler", 0, 1)]),
        ("<tg-spoiler>a</>", "a", [("spoiler", 0, 1)]),
        ("<code>a</code><pre>b</pre>", "ab", [("code", 0, 1), ("pre", 1, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
        ("<a>no address</a>", "no address", []),
    ],
)  # fmt: skip
def test_html_is_read(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    found = parse_html(source)
    assert found[0] == text
    assert [(one["type"], one["offset"], one["length"]) for one in found[1]] == entities


def test_links_and_languages_are_kept() -> None:
    _, (link,) = parse_html("<a href='https://example.org/?a=1&amp;b=2'>x</a>")
    assert link["url"] == "https://example.org/?a=1&b=2"
    _, (code,) = parse_html('<pre><code class="language-python">x</code></pre>')
    assert (code["type"], code["language"]) == ("pre", "python")


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("🏟<abacaba", "Unclosed start tag at byte offset 4"),
        ("🏟<abac>", 'Unsupported start tag "abac" at byte offset 4'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<i =x>", 'Empty attribute name in the tag "i" at byte offset 0'),
        ("<i a = ", 'Unclosed start tag "i" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<i>a</em>", 'Unmatched end tag at byte offset 4, expected "</i>", found "</em>"'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ],
)
def test_broken_html_is_refused_in_the_servers_words(source: str, error: str) -> None:
    with pytest.raises(ApiError) as refused:
        parse_html(source)
    assert str(refused.value) == f"Bad Request: can't parse entities: {error}"


def test_length_counts_utf16_units() -> None:
    assert utf16_length("é🎨") == 3


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start@easel_bot x", [("bot_command", 0, 16)]),
        ("a/b /c", [("bot_command", 4, 2)]),
        ("🎨 @easel_bot.", [("mention", 3, 10)]),
        ("see https://example.org/a?b.", [("url", 4, 23)]),
        ("https://example.org/#x", [("url", 0, 22)]),
        ("me@example.org #art", [("hashtag", 15, 4)]),
    ],
)
def test_commands_and_links_are_found_in_plain_text(
    text: str, found: list[tuple[str, int, int]]
) -> None:
    _, entities = tidied(text, [])
    assert [(one["type"], one["offset"], one["length"]) for one in entities] == found


def test_nothing_is_found_in_code_and_links() -> None:
    text, entities = parse_html('<code>/start</code> <a href="https://a.b/">@easel_bot</a>')
    assert tidied(text, entities)[1] == entities


def test_blanks_around_are_cut_and_entities_move_along() -> None:
    text, entities = tidied(*parse_html(" \n<b> bold </b><i>  </i>"))
    assert (text, entities) == ("bold", [{"type": "bold", "offset": 0, "length": 4}])


@pytest.mark.parametrize(
    "source",
    [
        "plain &amp; &lt;b&gt;",
        "<b>a<i>b</i>c</b>d",
        "<blockquote>a <b>b</b> c</blockquote>",
        "<pre>a\n  b</pre>",
        "🎨<u>🎨</u>🎨",
    ],
)
def test_what_was_read_is_rendered_again(source: str) -> None:
    assert render(*parse_html(source)) == source


def test_a_link_that_runs_code_is_not_rendered() -> None:
    assert render(*parse_html('<a href="javascript:alert(1)">x</a>')) == "x"


def test_an_address_cannot_break_out_of_its_attribute() -> None:
    shown = render(*parse_html("""<a href='https://a.b/" onclick="x'>y</a>"""))
    assert 'href="https://a.b/&quot; onclick=&quot;x"' in shown


def test_entities_that_cross_are_clipped() -> None:
    crossing = [
        {"type": "bold", "offset": 0, "length": 4},
        {"type": "italic", "offset": 2, "length": 9},
    ]
    assert render("abcdef", crossing) == "<b>ab<i>cd</i></b>ef"

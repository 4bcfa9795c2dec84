"""The tokenizer: tags, variables, named queries and the words between them, each with its line; all else is refused."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bokslut.report.tags import PageError, Print, Source, Tag, Variable, Words, read_source

FILE = "pages/drift.md"


def read(text: str) -> Source:
    return read_source(text, FILE)


def one_tag(text: str) -> Tag:
    (tag,) = read(text).tokens
    assert isinstance(tag, Tag)
    return tag


def refused(text: str, line: int, *words: str) -> None:
    """The text is refused at that line, with those words."""
    with pytest.raises(PageError) as caught:
        read(text)
    assert str(caught.value).startswith(f"{FILE}:{line}: ")
    for word in words:
        assert word in caught.value.message


def test_attributes_are_texts_numbers_flags_variables_and_groups() -> None:
    tag = one_tag(
        '{% figure key="a/{{ $code }}/b" year=2024 share=-1.5 turn=true unit=false none=null of=$row'
        ' group={a="x" b=$y c={d=1}} /%}'
    )
    assert (tag.name, tag.kind) == ("figure", "single")
    assert tag.attributes == {
        "key": "a/{{ $code }}/b",
        "year": 2024,
        "share": -1.5,
        "turn": True,
        "unit": False,
        "none": None,
        "of": Variable("row"),
        "group": {"a": "x", "b": Variable("y"), "c": {"d": 1}},
    }


def test_a_text_may_hold_what_ends_a_tag_and_escaped_quotes() -> None:
    assert one_tag(r'{% x a="%} /%} \" \\ {% y %}" /%}').attributes == {"a": r'%} /%} " \ {% y %}'}


def test_tags_open_close_and_end_themselves() -> None:
    kinds = [(token.name, token.kind) for token in read("{% if %}{% x /%}{%/if%}").tokens if isinstance(token, Tag)]
    assert kinds == [("if", "open"), ("x", "single"), ("if", "close")]


def test_every_token_knows_its_line() -> None:
    source = read_source('ett\ntvå {{ $a }}\n{% x\n  b="c"\n/%}\n\nfem {{ $d }}', FILE, first_line=10)
    lines = [(type(token).__name__, token.line) for token in source.tokens]
    assert lines == [("Words", 10), ("Print", 11), ("Words", 11), ("Tag", 12), ("Words", 14), ("Print", 16)]


def test_a_named_query_is_taken_out_and_other_code_is_kept_unread() -> None:
    source = read(
        "före\n```sql rows\nselect {{ $a }}\nfrom b\n```\n```\n{% no %} {{ tag }}\n```\n~~~sql\nselect 1\n~~~\n"
    )
    assert source.sql == {"rows": ("select {{ $a }}\nfrom b", 3)}
    code = [token.text for token in source.tokens if isinstance(token, Words) and token.is_code]
    assert code == ["```\n{% no %} {{ tag }}\n```", "~~~sql\nselect 1\n~~~"]
    assert not [token for token in source.tokens if not isinstance(token, Words)]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("\n\n{% figure key=", 3, ()),
        ('\n{% figure key="a"', 2, ("not closed with %}",)),
        ('{% figure\n\nkey="a /%}', 3, ("not closed with",)),
        ("{% %}", 1, ("no name of a tag",)),
        ("{% 1 /%}", 1, ("no name of a tag",)),
        ("{% figure key /%}", 1, ('write key="..."',)),
        ("{% figure key=abc /%}", 1, ("'abc /%}'", "no value")),
        ("{% figure key='a' /%}", 1, ("no value",)),
        ('{% figure key="a" key="b" /%}', 1, ("key stands twice",)),
        ("{% figure key=$ /%}", 1, ("no name of a variable",)),
        ("{% x a={b=1 /%}", 1, ()),
        ("{% /x a=1 %}", 1, ("not closed",)),
        ("ett\n{{ 7*7 }}", 2, ("7*7", "write {{ $name }}")),
        ("{{ name }}", 1, ("name", "write {{ $name }}")),
        ("{{ $a|upper }}", 1, ("no variable",)),
        ("{{ $a.b }}", 1, ("no variable",)),
        ("{{ $a", 1, ("no variable",)),
        ("{% set a.b = c %}", 1, ("attribute a has no value",)),
        ("{% raw %}{{ 7*7 }}{% endraw %}", 1, ("7*7",)),
        ("ett\n\n```sql q\nselect 1\n", 3, ("fence is not closed",)),
        ("```sql q\na\n```\n```sql q\nb\n```\n", 4, ("query q stands twice",)),
        ("```sql no-name\na\n```\n", 1, ("'no-name'",)),
        ("ett\n\n\ue0f2 7*7 \ue0f3", 3, ("U+E0F2", "remove it")),
        ("\ue0100\ue011", 1, ("U+E010",)),
        ("```\n\ue0f0\n```\n", 2, ("U+E0F0",)),
    ],
)
def test_what_is_no_tag_is_refused_with_file_and_line(text: str, line: int, words: tuple[str, ...]) -> None:
    refused(text, line, *words)


PIECES = (
    "{%",
    "%}",
    "/%}",
    "{{",
    "}}",
    "$a",
    '"',
    "\\",
    "=",
    "\n",
    "```",
    "```sql q\n",
    "~~~",
    "x",
    " ",
    "{",
    "}",
    "7",
)


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
@example("{% x /%}" * 3)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        source = read(text)
    except PageError as error:
        assert error.file == FILE
        assert 1 <= error.line <= text.count("\n") + 1
        return
    lines = [token.line for token in source.tokens]
    assert lines == sorted(lines)


# words without the signs that begin a tag, a variable, or a fence
WORDS = st.text(st.characters(exclude_characters="{`~", exclude_categories=("Co", "Cs")), min_size=1)
TAGS = st.sampled_from(("{{ $a }}", "{% x /%}", '{% x a="b\nc" %}', "{% /x %}"))


@given(st.lists(st.tuples(WORDS, TAGS)))
def test_words_outside_tags_come_back_unchanged(pairs: list[tuple[str, str]]) -> None:
    source = read("".join(words + tag for words, tag in pairs))
    assert [token.text for token in source.tokens if isinstance(token, Words)] == [words for words, _ in pairs]
    assert len([token for token in source.tokens if isinstance(token, Tag | Print)]) == len(pairs)


@given(WORDS)
def test_a_text_comes_back_from_a_tag_unchanged(text: str) -> None:
    escaped = re.sub(r'([\\"])', r"\\\1", text)
    assert one_tag(f'{{% x a="{escaped}" /%}}').attributes == {"a": text}

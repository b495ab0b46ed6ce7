"""Places of keys in a TOML file, whatever way it is written."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.model_file.places import places_of

TEXT = '''\
# [not.a.table]
title = "a = [b] # c"
"quoted key".x = 1
[a]
list = [ 1, # one
  2, { c = "}" } ]
text = """
[also.not]
"""
raw = \'\'\'x = 1\'\'\'
b.c = true
[a.d]
e = 1979-05-27
[[f]]
g = 1
[f.h]
i = { j = [ [ 1 ] ], k = 'l' }
[[f]]
g = 2
'''


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("title",), (2, 9)),
        (("quoted key", "x"), (3, 18)),
        (("a",), (4, 1)),
        (("a", "list", "0"), (5, 10)),
        (("a", "list", "1"), (6, 3)),
        (("a", "list", "2", "c"), (6, 12)),
        (("a", "text"), (7, 8)),
        (("a", "raw"), (10, 7)),
        (("a", "b", "c"), (11, 7)),
        (("a", "d", "e"), (13, 5)),
        (("f",), (14, 1)),
        (("f", "0"), (14, 1)),
        (("f", "0", "g"), (15, 5)),
        (("f", "0", "h", "i", "j", "0", "0"), (17, 15)),
        (("f", "0", "h", "i", "k"), (17, 26)),
        (("f", "1", "g"), (19, 5)),
    ],
)
def test_a_value_is_found_where_it_stands(path, place):
    assert places_of(TEXT)[path] == place


def test_what_is_in_strings_and_comments_is_no_key():
    assert not {path for path in places_of(TEXT) if "not" in path or "also" in path}


KEYS = st.sampled_from(["a", "b", "c-d", "1"])
VALUES = st.recursive(
    st.one_of(st.integers(0, 99), st.booleans(), st.sampled_from(["x", "]", "}", "#", ",", "="])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)


def written(value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return "[ " + ", ".join(map(written, value)) + " ]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {written(one)}" for key, one in value.items()) + " }"
    return str(value)


def paths(value, before=()):
    if isinstance(value, dict | list):
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in entries:
            yield (*before, str(key)), inner
            yield from paths(inner, (*before, str(key)))


@given(tables=st.dictionaries(KEYS, st.dictionaries(KEYS, VALUES, max_size=3), max_size=3))
def test_every_value_stands_at_its_place(tables):
    text = "".join(
        f"[{name}]\n" + "".join(f"{key} = {written(value)}\n" for key, value in table.items())
        for name, table in tables.items()
    )
    assert tomllib.loads(text) == tables
    lines, found = text.split("\n"), places_of(text)
    for path, value in paths(tables):
        line, column = found[path]
        if len(path) > 1:
            assert lines[line - 1][column - 1 :].startswith(written(value))

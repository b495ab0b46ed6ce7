"""The house rules find what they forbid, and the house keeps them."""

from pathlib import Path

import pytest

from tests.house_rules import all_faults, committed_files, file_faults


def faults(source: str, path: str = "bidding/selection.py") -> list[str]:
    return list(file_faults(Path(path), source))


def test_the_house_keeps_its_own_rules():
    assert all_faults(committed_files()) == []


def test_a_plain_file_has_no_faults():
    assert faults("import json\n\n\ndef read(text):\n    return json.loads(text)\n") == []


@pytest.mark.parametrize(
    ("path", "lines", "is_fault"),
    [
        ("bidding/selection.py", 400, False),
        ("bidding/selection.py", 401, True),
        ("tests/test_selection.py", 600, False),
        ("tests/test_selection.py", 601, True),
    ],
)
def test_a_long_file_is_a_fault(path, lines, is_fault):
    assert bool(faults("x = 1\n" * lines, path)) is is_fault


@pytest.mark.parametrize(("statements", "is_fault"), [(49, False), (50, True)])
def test_a_long_function_is_a_fault(statements, is_fault):
    assert bool(faults("def f():\n" + "    x = 1\n" * statements)) is is_fault


def test_the_docstring_does_not_count_as_function_length():
    assert faults('def f():\n    """Say.\n' + "\n" * 60 + '    """\n    return 1\n') == []


def test_an_import_inside_a_function_is_a_fault_of_the_inner_function_only():
    source = "def outer():\n    def inner():\n        import json\n    return inner\n"
    assert faults(source) == [
        "bidding/selection.py:3: import inside inner: move it to the top",
    ]


@pytest.mark.parametrize(
    "source",
    ["from typing import TYPE_CHECKING\n", "import typing\nif typing.TYPE_CHECKING: ...\n"],
)
def test_a_type_checking_block_is_a_fault(source):
    assert len(faults(source)) == 1


def test_a_name_that_says_nothing_is_a_fault():
    assert len(faults("", "bidding/utils.py")) == 1


def test_only_the_edge_commits():
    assert len(faults("session.commit()\n", "procurement/bids/service.py")) == 1
    assert faults("session.commit()\n", "tests/test_bids.py") == []

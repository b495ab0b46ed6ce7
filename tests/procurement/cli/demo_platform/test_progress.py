"""The bar that tells how far the demo's set-up is."""

import io

import pytest

from procurement.cli.demo_platform.progress import WIDTH, Progress


@pytest.fixture
def terminal():
    """Return something to write on."""
    return io.StringIO()


def shown(terminal):
    """Return the lines that were drawn one over the other."""
    return [line.partition("\x1b")[0] for line in terminal.getvalue().split("\r")[1:]]


def test_it_draws_nothing_where_nobody_watches():
    progress = Progress()
    progress.next_act()
    progress.part(1, 2)
    progress.end()
    assert progress.stream is None


def test_it_never_goes_back_and_keeps_its_width(terminal):
    progress = Progress(terminal, is_chinese=False)
    for _ in range(20):
        progress.next_act()
        for done in range(4):
            progress.part(done, 4)
    lines = shown(terminal)
    percents = [int(line.partition("]")[2].split("%")[0]) for line in lines]
    assert percents == sorted(percents)
    assert percents[0] == 0
    assert 90 <= percents[-1] <= 100
    assert {line.index("]") - line.index("[") for line in lines} == {WIDTH + 1}


def test_it_writes_only_what_changed(terminal):
    progress = Progress(terminal)
    progress.next_act()
    for _ in range(100):
        progress.part(1, 1000)
    assert len(shown(terminal)) == 1


def test_it_names_the_act_in_the_readers_language(terminal):
    Progress(terminal, is_chinese=True).next_act()
    Progress(terminal, is_chinese=False).next_act()
    chinese, english = shown(terminal)
    assert "登记机构和人员" in chinese
    assert "registering organisations" in english


def test_it_takes_itself_away_at_the_end(terminal):
    progress = Progress(terminal)
    progress.next_act()
    progress.end()
    assert terminal.getvalue().endswith("\r\x1b[K")

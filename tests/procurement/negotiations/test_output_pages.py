"""Charts, workbook and dossier of a model: a group's own, the maker's own, and nobody else's."""

import pytest

from tests.procurement.negotiations.visitors import visited
from tests.procurement.negotiations.world import NegotiationWorld


@pytest.fixture
def visits(engine, tmp_path):
    with visited(engine, tmp_path) as running:
        yield running


@pytest.fixture
def world(engine):
    return NegotiationWorld(engine).admitted().compute()


@pytest.mark.parametrize(
    ("name", "path"),
    [("economist", "groups/economics/outputs"), ("actuary2", "groups/fund/outputs")],
)
def test_a_group_sees_and_takes_along_what_comes_out_of_its_copy(world, visits, name, path):
    page = visits.get(world, name, f"{path}?price=200")
    assert page.status_code == 200, page.text
    assert "测算图表" in page.text
    assert page.text.count("<svg") > 2
    assert visits.get(world, name, f"{path}/xlsx").content[:2] == b"PK"
    assert visits.get(world, name, f"{path}/pdf").content[:5] == b"%PDF-"
    assert visits.get(world, name, f"{path}/docx").status_code == 404


@pytest.mark.parametrize("name", ["actuary", "chair", "negotiator", "maker", "officer", "holder1"])
def test_for_others_a_groups_charts_are_not_there(world, visits, name):
    for path in ("outputs", "outputs/xlsx", "outputs/pdf"):
        assert visits.get(world, name, f"groups/economics/{path}").status_code == 404


def test_a_maker_sees_the_charts_of_its_own_calculation_file_only(world, visits):
    assert visits.get(world, "maker", "outputs").status_code == 200
    assert visits.get(world, "maker", "outputs/xlsx").content[:2] == b"PK"
    for name in ("rival", "economist", "officer"):
        assert visits.get(world, name, "outputs").status_code == 404

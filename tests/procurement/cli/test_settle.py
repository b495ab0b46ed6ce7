"""``jicai settle``: what it prints, what it writes, what it refuses."""

import csv
import json
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from procurement.cli import main
from tests.house_rules import ROOT
from tests.procurement.cli.pages import assert_prints, console_examples, run_python_examples
from tests.procurement.savings.settlements import (
    SCHEMA,
    SOUND,
    parquet_rows,
    scheme_with,
    scheme_without,
    write,
    write_parquet,
)

PAGE = ROOT / "docs" / "savings.md"
EXAMPLE = ROOT / "examples" / "settlement" / "county-2024"


def settled(jicai, folder, *more):
    said = jicai("settle", folder, "--json", *more)
    assert said.status == 0, said.err
    return json.loads(said.out)


def test_each_hospital_keeps_its_share_of_the_base(jicai, tmp_path):
    found = settled(jicai, write(tmp_path))
    first, second = found["lines"]
    assert (first["budget"], first["spend"]) == ("648000.00", "145800.00")
    assert (first["savings_base"], first["retained"]) == ("502200.00", "251100.00")
    assert (first["completed"], first["completion"]) == (True, "1")
    assert second["completed"] is False
    assert second["nothing_because"] == ["not-completed"]
    assert [one["retained"] for one in found["hospitals"]] == ["251100.00", "0.00"]
    assert found["total"] == "251100.00"


def test_the_parameters_that_texts_leave_open_stand_on_the_statement(jicai, tmp_path):
    parameters = settled(jicai, write(tmp_path))["parameters"]
    assert set(parameters) == {
        "bands", "negative_base", "completion_unit", "rounding", "follow_on",
    }  # fmt: skip
    assert all(one["given_by"] == "scheme" for one in parameters.values())
    text = jicai("settle", tmp_path).out
    assert "逐品种按零计，不相抵 (scheme.toml 给出)" in text


def test_purchases_outside_the_year_or_without_a_contract_are_left_out(jicai, tmp_path):
    more = "H1,P1,2023-12-31,1,10,0.31\nH1,P9,2024-05-01,1,10,0.31\nH1,P9,2025-01-01,0,1,1\n"
    found = settled(jicai, write(tmp_path, purchases=SOUND["purchases.csv"] + more))
    assert found["left_out"] == {
        "number": 3,
        "amount": "7.20",
        "outside_year": {"number": 1, "amount": "3.10"},
        "without_contract": {"number": 2, "amount": "4.10"},
    }
    assert found["total"] == "251100.00"


def test_an_empty_agreed_volume_earns_nothing(jicai, tmp_path):
    contracts = SOUND["contracts.csv"].replace("700000,1.20,0.30\nH2", "0,1.20,0.30\nH2")
    line = settled(jicai, write(tmp_path, contracts=contracts))["lines"][0]
    assert (line["completed"], line["completion"], line["retained"]) == (False, None, "0.00")
    assert line["nothing_because"] == ["empty-agreed-volume"]


def test_a_group_completes_although_members_do_not(jicai, tmp_path):
    contracts = "hospital,product,base_volume,agreed_volume,price_before,winning_price,group\n"
    contracts += "".join(f"H{n},P1,1000,100,1.20,0.30,G\n" for n in (1, 2, 3))
    purchases = SOUND["purchases.csv"].splitlines()[0] + "\n"
    for hospital, quantity in (("H1", 180), ("H2", 90), ("H3", 60)):
        purchases += f"{hospital},P1,2024-03-01,1,{quantity},0.30\n"
    assessments = "hospital,ratio,passed\nH1,0.5,1\nH2,0.5,1\nH3,0.5,0\n"
    files = {"contracts": contracts, "purchases": purchases, "assessments": assessments}
    scheme = scheme_with(completion_unit='"group"')
    found = settled(jicai, write(tmp_path, **files, scheme=scheme))
    (group,) = found["groups"]
    assert (group["completion"], group["completed"]) == ("1.1", True)
    assert [line["completion"] for line in found["lines"]] == ["1.8", "0.9", "0.6"]
    assert all(line["completed"] for line in found["lines"])
    assert [one["retained"] for one in found["hospitals"]] == ["315.90", "315.90", "0.00"]
    found = settled(jicai, write(tmp_path, **files))
    assert [line["completed"] for line in found["lines"]] == [True, False, False]


def test_parts_of_both_funds_add_up_to_the_cent(jicai, tmp_path):
    scheme = SOUND["scheme.toml"].replace("bands", 'fund_share_employee = "2.89/16.09"\nbands')
    hospital = settled(jicai, write(tmp_path, scheme=scheme))["hospitals"][0]
    assert (hospital["employee"], hospital["resident"]) == ("45101.24", "205998.76")


def test_negative_bases_are_floored_or_netted(jicai, tmp_path):
    contracts = SOUND["contracts.csv"].replace("H2,P1", "H1,P2")
    purchases = SOUND["purchases.csv"].replace("H2,P1", "H1,P2").replace("-20000", "20000")
    purchases += "H1,P2,2024-05-05,0,1100000,1.00\n"
    files = {
        "contracts": contracts,
        "purchases": purchases,
        "assessments": "hospital,score\nH1,85\n",
    }
    found = settled(jicai, write(tmp_path, **files))
    assert [line["savings_base"] for line in found["lines"]] == ["502200.00", "-59400.00"]
    assert found["total"] == "251100.00"
    scheme = scheme_with(negative_base='"net_batch"')
    found = settled(jicai, write(tmp_path, **files, scheme=scheme))
    assert found["total"] == "221400.00"
    assert sum(Decimal(line["retained"]) for line in found["lines"]) == Decimal("221400")


def test_several_batch_years_settle_at_once(jicai, tmp_path):
    contracts = """\
hospital,product,base_volume,agreed_volume,price_before,winning_price,batch
H1,P1,1000,100,1.20,0.30,b4y2
H1,P1,1000,100,1.20,0.25,b4y3
"""
    scheme = scheme_without("procurement_year") + 'procurement_year = "settled in 2025"\n'
    scheme += "[batch.b4y2]\nstarts_on = 2023-05-01\nends_on = 2024-04-30\n"
    scheme += '[batch.b4y3]\nstarts_on = 2024-05-01\nends_on = "2025-04-30"\n'
    purchases = SOUND["purchases.csv"].splitlines()[0] + "\n"
    purchases += "H1,P1,2024-04-30,1,100,0.30\nH1,P1,2024-05-01,1,99,0.25\n"
    files = {"contracts": contracts, "scheme": scheme, "purchases": purchases}
    found = settled(jicai, write(tmp_path, **files, assessments="hospital,score\nH1,85\n"))
    assert [(line["batch"], line["completed"]) for line in found["lines"]] == [
        ("b4y2", True), ("b4y3", False),
    ]  # fmt: skip


def test_the_order_of_rows_does_not_matter(jicai, tmp_path):
    def shuffled(text):
        head, *rows = text.splitlines()
        return "\n".join([head, *rows[1:], rows[0]]) + "\n"

    names = ("contracts", "purchases", "assessments")
    one = jicai("settle", write(tmp_path / "one"), "--json").out
    other = write(tmp_path / "two", **{name: shuffled(SOUND[f"{name}.csv"]) for name in names})
    assert jicai("settle", other, "--json").out == one


def test_parquet_partitions_give_what_the_csv_file_gives(jicai, tmp_path):
    one = jicai("settle", write(tmp_path / "one"), "--json").out
    folder = write(tmp_path / "two", purchases=None)
    rows = parquet_rows()
    write_parquet(folder, "part-0.parquet", rows[:2])
    write_parquet(folder, "year=2024/part-1.parquet", rows[2:])
    with_batch = SCHEMA.append(pa.field("batch", pa.string()))
    write_parquet(folder, "part-2.parquet", [], with_batch)
    assert jicai("settle", folder, "--json").out == one


def test_out_writes_tables_as_csv_and_parquet(jicai, tmp_path):
    folder, out = write(tmp_path / "in"), tmp_path / "out"
    found = settled(jicai, folder)
    assert settled(jicai, folder, "--out", out)["total"] == found["total"]
    with (out / "lines.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["retained"] for row in rows] == [line["retained"] for line in found["lines"]]
    lines = pq.read_table(out / "lines.parquet").to_pylist()
    assert [line["savings_base"] for line in lines] == [
        line["savings_base"] for line in found["lines"]
    ]
    assert json.loads((out / "settlement.json").read_text("utf-8"))["total"] == found["total"]


FAULTS = {
    "a price that is not the agreed one": (
        {"purchases": SOUND["purchases.csv"].replace("1,700000,0.30", "1,700000,0.31")},
        ["purchases.csv:2: unit_price: 0.3100 is not the agreed price: expected 0.30"],
    ),
    "a hospital that has no contract": (
        {"purchases": SOUND["purchases.csv"] + "H9,P1,2024-03-01,1,1,0.30\n"},
        ["purchases.csv:6: hospital: 'H9' is not in contracts.csv: expected a hospital of"],
    ),
    "an assessed hospital that has no contract": (
        {"assessments": SOUND["assessments.csv"] + "H9,50\n"},
        ["assessments.csv:4: hospital: 'H9' is not in contracts.csv"],
    ),
    "a hospital without an assessment": (
        {"assessments": "hospital,score\nH1,85\n"},
        ["assessments.csv: hospital: 'H2' is missing: expected every hospital"],
    ),
    "a payment ratio above 1": (
        {"scheme": scheme_with(payment_ratio='"1.2"')},
        ["scheme.toml:9: payment_ratio: '1.2' is above 1: expected a share from 0 to 1"],
    ),
    "a retained share above the cap": (
        {"assessments": "hospital,ratio,passed\nH1,0.6,1\nH2,0.5,1\n"},
        ["assessments.csv:2: ratio: a share of 0.6 is kept: expected at most 0.50"],
    ),
    "a line that overflows": (
        {"purchases": SOUND["purchases.csv"] + "H1,P1,2024-03-01,0,9223372036854775807,1.00\n"},
        ["purchases.csv:6: quantity: 9223372036854775807 units at 1.0000 yuan are too much"],
    ),
    "a quantity beyond 64 bits": (
        {"purchases": SOUND["purchases.csv"] + "H1,P1,2024-03-01,0,9223372036854775808,1.00\n"},
        ["purchases.csv:6: quantity: '9223372036854775808' is too large"],
    ),
    "several bad lines, all listed": (
        {
            "purchases": SOUND["purchases.csv"]
            + "H1,P1,2024-02-30,1,x,0.30\nH9,P1,2024-03-01,2,1,0\n"
        },
        [
            "purchases.csv:6: received_on: '2024-02-30' is not a date",
            "purchases.csv:6: quantity: 'x' is not a whole number",
            "purchases.csv:7: is_winning: '2' is not a flag",
            "purchases.csv:7: unit_price: '0' is zero",
        ],
    ),
    "a contract twice": (
        {"contracts": SOUND["contracts.csv"] + "H1,P1,1,1,1,1\n"},
        ["contracts.csv:4: product: 'P1' of 'H1' is there already"],
    ),
    "what texts leave open": (
        {"scheme": scheme_without("negative_base").replace("completion_unit", "# ")},
        [
            "scheme.toml: negative_base: no source of savings-national-2020 states it",
            "scheme.toml: completion_unit: no source of savings-national-2020 states it",
        ],
    ),
    "no bands for scores": (
        {"scheme": scheme_without("bands")},
        ["scheme.toml: bands: no source of savings-national-2020 states it"],
    ),
    "a word that no parameter has": (
        {"scheme": scheme_with(negative_base='"carry"')},
        ["scheme.toml:9: negative_base: 'carry': expected one of floor_each, net_batch"],
    ),
    "a rulebook of rounds": (
        {"scheme": scheme_with(rulebook='"national-3"')},
        ["scheme.toml:9: rulebook: 'national-3' is no rulebook of retained savings"],
    ),
    "one payment ratio where the text names two": (
        {"scheme": scheme_with(rulebook='"savings-changning-2021"')},
        [
            "contracts.csv:2: payment_ratio_spend: is given neither here nor in scheme.toml",
            "contracts.csv:3: payment_ratio_spend: ",
        ],
    ),
    "a missing file": ({"contracts": None}, ["contracts.csv: the file is missing"]),
    "no purchases": ({"purchases": None}, ["purchases.csv or purchases/: the file is missing"]),
    "a year without days": (
        {"scheme": scheme_with(procurement_year='"first"')},
        ["scheme.toml: procurement_year: 'first' names no days"],
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_bad_input_is_refused_with_its_place(jicai, tmp_path, name):
    changes, expected = FAULTS[name]
    faults = jicai("settle", write(tmp_path, **changes), "--json").faults
    assert len(faults) == len(expected), faults
    for fault, start in zip(faults, expected, strict=True):
        assert fault.startswith(start), fault


def test_nothing_is_written_where_a_line_is_bad(jicai, tmp_path):
    folder = write(tmp_path / "in", **FAULTS["a line that overflows"][0])
    assert jicai("settle", folder, "--out", tmp_path / "out").faults
    assert not (tmp_path / "out").exists()


def test_a_parquet_file_with_other_types_is_refused(jicai, tmp_path):
    folder = write(tmp_path, purchases=None)
    fields = [("quantity", pa.float64()), ("unit_price", pa.float64())]
    schema = SCHEMA
    for name, kind in fields:
        schema = schema.set(schema.get_field_index(name), pa.field(name, kind))
    rows = [{**row, "unit_price": 0.3, "quantity": 1.0} for row in parquet_rows()]
    write_parquet(folder, "a.parquet", rows, schema)
    assert jicai("settle", folder).faults == [
        "purchases/a.parquet: quantity: is double: expected int64",
        "purchases/a.parquet: unit_price: is double: expected decimal(18,4)",
    ]


def test_bad_cells_of_a_parquet_file_are_named_by_row(jicai, tmp_path):
    folder = write(tmp_path, purchases=None)
    rows = parquet_rows()
    rows[1] |= {"is_winning": 2}
    rows[2] |= {"received_on": None}
    rows[3] |= {"unit_price": Decimal("0.00")}
    write_parquet(folder, "a.parquet", rows)
    assert jicai("settle", folder).faults == [
        "purchases/a.parquet:2: is_winning: 2 is no flag: expected 0 or 1",
        "purchases/a.parquet:3: received_on: is empty: expected a value",
        "purchases/a.parquet:4: unit_price: 0.0000 is not above zero: expected a price above zero",
    ]


def test_the_same_file_twice_is_refused(jicai, tmp_path):
    folder = write(tmp_path, purchases=None)
    write_parquet(folder, "a.parquet", parquet_rows())
    write_parquet(folder, "copy of a.parquet", parquet_rows())
    (fault,) = jicai("settle", folder).faults
    assert fault.startswith("purchases/copy of a.parquet: is the same file as purchases/a.parquet")


def test_a_file_that_is_no_parquet_is_refused(jicai, tmp_path):
    folder = write(tmp_path, purchases=None)
    (folder / "purchases").mkdir()
    (folder / "purchases" / "a.parquet").write_bytes(b"PAR1 is not enough")
    (fault,) = jicai("settle", folder).faults
    assert fault.startswith("purchases/a.parquet: is no Parquet file")


def test_an_unknown_engine_is_refused(jicai, tmp_path, monkeypatch):
    monkeypatch.setenv("JICAI_ANALYTICS", "excel")
    (fault,) = jicai("settle", write(tmp_path)).faults
    assert fault == (
        "jicai settle: JICAI_ANALYTICS: 'excel' is no engine: expected one of duckdb, spark, "
        "postgres"
    )


@pytest.mark.parametrize(("arguments", "shown"), list(console_examples(PAGE)))
def test_the_page_shows_what_the_command_prints(capsys, monkeypatch, arguments, shown):
    monkeypatch.chdir(ROOT)
    main(arguments)
    assert_prints(arguments, shown, capsys.readouterr().out)


def test_the_python_examples_of_the_page_run():
    assert run_python_examples(PAGE) >= 2


def test_the_example_folder_settles(jicai):
    found = settled(jicai, EXAMPLE)
    assert found["total"] == "396709.25"

"""What a sound round folder holds arrives as the value objects of a bid sheet."""

import time
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from bidding.bid_sheet import (
    Answer,
    Bid,
    Category,
    Choice,
    DosageForm,
    Lot,
    QuestionKind,
    Quote,
    Strength,
    Volume,
)
from pricing.money import UnitPrice
from procurement.rounds.folder import Expected, read_folder
from tests.procurement.rounds.folder.folders import (
    ALL,
    BIDS_HEADER,
    SOUND,
    VOLUMES_HEADER,
    faults_of,
    sound_but,
    write,
)


@pytest.fixture
def everything(tmp_path):
    return read_folder(write(tmp_path, ALL))


@pytest.mark.parametrize(
    ("name", "lots", "bids", "volumes", "expected"),
    [("alliance-2019", 25, 102, 947, 102), ("national-3-2020", 56, 299, 2511, 299)],
)
def test_a_real_round_is_read_whole(shared, name, lots, bids, volumes, expected):
    folder = read_folder(shared / "rounds" / name)
    sheet = folder.round
    assert (len(sheet.lots), len(sheet.bids), len(sheet.volumes)) == (lots, bids, volumes)
    assert len(folder.expected) == expected
    assert folder.answers == ()
    assert sheet.choices == ()


def test_a_real_round_keeps_its_figures(shared):
    sheet = read_folder(shared / "rounds" / "national-3-2020").round
    assert (sheet.title, sheet.rulebook) == ("third national round", "national-3")
    assert sheet.opened_on == date(2020, 8, 20)
    [joined] = [bid for bid in sheet.bids if (bid.lot, bid.bid) == ("L06", "齐鲁制药")]
    assert joined.quotes == (
        Quote("5mg", UnitPrice(Decimal("0.45"))),
        Quote("10mg", UnitPrice(Decimal("17"))),
    )
    [related] = [bid for bid in sheet.bids if bid.control_group]
    assert related.control_group == "正大天晴"


def test_a_real_round_is_read_in_a_moment(shared):
    started = time.perf_counter()
    read_folder(shared / "rounds" / "national-3-2020")
    # It takes about 25 ms; the bound leaves room for a loaded machine.
    assert time.perf_counter() - started < 0.5


def test_lots_have_their_strengths_by_content(everything):
    assert everything.round.lots == (
        Lot(
            lot="L1",
            product="瑞舒伐他汀",
            strengths={
                "10mg": Strength("10mg", Decimal(1), Decimal("2.5")),
                "20mg": Strength("20mg", Decimal(2)),
            },
        ),
        Lot("L2", "阿卡波糖", {"50mg": Strength("50mg", Decimal(1), Decimal("0.34"))}),
    )
    assert list(everything.round.lots[0].strengths) == ["10mg", "20mg"]


def test_the_lines_of_one_bid_become_its_quotes(everything):
    price = Decimal("3.59")
    assert everything.round.bids == (
        Bid(
            lot="L1",
            bid="辉瑞",
            manufacturer="辉瑞",
            quotes=(Quote("10mg", UnitPrice(price)),),
            is_originator=True,
        ),
        Bid(
            lot="L1",
            bid="齐鲁制药",
            manufacturer="齐鲁制药",
            quotes=(
                Quote("10mg", UnitPrice(Decimal("0.12"))),
                Quote("20mg", UnitPrice(Decimal("0.2"))),
            ),
        ),
        Bid("L2", "拜耳", "拜耳", (Quote("50mg", None),), is_originator=True),
    )


def test_volumes_choices_and_answers_are_in_order(everything):
    assert everything.round.volumes == (
        Volume("北京", "L1", "10mg", Decimal(1), 1381187),
        Volume("天津", "L1", "0.02g", Decimal(2), 0),
        Volume("天津", "L2", "25mg", Decimal("0.5"), 500),
    )
    assert everything.round.choices == (
        Choice("L1", "齐鲁制药", 1, "天津"),
        Choice("L1", "齐鲁制药", 2, "北京"),
        Choice("L1", "齐鲁制药", 1, "北京", spare=True),
        Choice("L2", "拜耳", 1, "北京"),
    )
    assert everything.answers == (
        Answer("L1", "齐鲁制药", QuestionKind.REVIVE, True, Decimal("0.11")),
        Answer("L2", "拜耳", QuestionKind.WITHDRAW, False),
    )


def test_an_outcome_may_name_a_manufacturer_that_made_no_bid(everything):
    assert everything.expected == (
        Expected("L1", None, "无名氏", selected=False),
        Expected("L1", None, "齐鲁制药", selected=True, regions=("北京", "天津")),
    )


def test_an_outcome_by_bid_finds_its_manufacturer(tmp_path):
    bids = f"{BIDS_HEADER},bid\nL1,齐鲁制药,10mg,0.12,0,P1\nL1,齐鲁制药,10mg,0.13,0,P2\n"
    expected = "lot,bid,selected\nL1,P2,0\nL1,P9,0\nL1,P1,1\nL1,P1,1\n"
    folder = read_folder(sound_but(tmp_path, bids=bids, expected=expected))
    assert [(bid.bid, bid.manufacturer) for bid in folder.round.bids] == [
        ("P1", "齐鲁制药"),
        ("P2", "齐鲁制药"),
    ]
    assert folder.expected == (
        Expected("L1", "P9", "P9", selected=False),
        Expected("L1", "P1", "齐鲁制药", selected=True),
        Expected("L1", "P2", "齐鲁制药", selected=False),
    )


def test_optional_columns_of_a_lot_need_to_be_given_once(tmp_path):
    lots = """\
lot,product,strength,strength_ratio,price_ceiling,dosage_form,category,daily_dose
L1,瑞舒伐他汀,20mg,2.0,,,,
L1,瑞舒伐他汀,10mg,1,,oral-solid,restricted,1.50
L2,阿卡波糖,50mg,1,,,,
"""
    first, second = read_folder(sound_but(tmp_path, lots=lots)).round.lots
    assert first.dosage_form is DosageForm.ORAL_SOLID
    assert first.category is Category.RESTRICTED
    assert first.daily_dose == Decimal("1.5")
    assert list(first.strengths) == ["10mg", "20mg"]
    assert (second.dosage_form, second.category) == (None, Category.GENERAL)


def test_optional_columns_of_a_bid_are_read(tmp_path):
    names = (
        "bid,control_group,group,capacity,supplies,joint_bid,regions_covered,prior_supply,"
        "passed_on,cost_statement,quality_score"
    )
    cells = "P1,天晴,A,5000000,20mg;10mg,联合体,12,0,2019-03-01,0,87.5"
    folder = sound_but(tmp_path, bids=f"{BIDS_HEADER},{names}\nL1,辉瑞,10mg,3.59,1,{cells}\n")
    assert read_folder(folder).round.bids == (
        Bid(
            lot="L1",
            bid="P1",
            manufacturer="辉瑞",
            quotes=(Quote("10mg", UnitPrice(Decimal("3.59"))),),
            is_originator=True,
            control_group="天晴",
            joint_bid="联合体",
            group="A",
            capacity=5_000_000,
            supplies=frozenset({"10mg", "20mg"}),
            regions_covered=12,
            prior_supply=0,
            passed_on=date(2019, 3, 1),
            cost_statement=False,
            quality_score=Decimal("87.5"),
        ),
    )


@pytest.mark.parametrize(
    ("column", "cell", "problem", "expected"),
    [
        ("supplies", "10mg;5mg", "'5mg' is not a strength of lot 'L1'", "one of '10mg', '20mg'"),
        ("supplies", "10mg;10mg", "'10mg' is there twice", "each name once"),
        ("quality_score", "100.5", "'100.5' is above 100", "a number from 0 to 100"),
        ("quality_score", "good", "'good' is not a score", "a number from 0 to 100"),
        ("capacity", "1e6", "'1e6' is not a whole number", "a whole number, 0 or more"),
        ("capacity", "9" * 16, f"'{'9' * 16}' is not a whole number", "a whole number, 0 or more"),
        ("bid", " P1", "' P1' has blanks around it", "a name without them"),
    ],
)
def test_a_bad_cell_in_an_optional_column_is_a_fault(tmp_path, column, cell, problem, expected):
    folder = sound_but(tmp_path, bids=f"{BIDS_HEADER},{column}\nL1,辉瑞,10mg,3.59,1,{cell}\n")
    assert faults_of(folder) == [f"bids.csv:2: {column}: {problem}: expected {expected}"]


def test_the_lines_of_one_bid_complete_each_other_and_do_not_contradict(tmp_path):
    header = f"{BIDS_HEADER},group,supplies,cost_statement"
    sound = f"{header}\nL1,辉瑞,20mg,5,1,A,,\nL1,辉瑞,10mg,3,1,,20mg;10mg,0\n"
    [bid] = read_folder(sound_but(tmp_path, bids=sound)).round.bids
    assert (bid.group, bid.supplies) == ("A", frozenset({"10mg", "20mg"}))
    assert [quote.strength for quote in bid.quotes] == ["10mg", "20mg"]

    bad = f"{header}\nL1,辉瑞,20mg,5,1,A,10mg,1\nL1,辉瑞,10mg,3,1,B,20mg;10mg,0\n"
    same = "in an earlier line: expected the same in all lines of one lot or bid"
    assert faults_of(sound_but(tmp_path, bids=bad)) == [
        f"bids.csv:3: group: 'B' contradicts 'A' {same}",
        f"bids.csv:3: supplies: '10mg;20mg' contradicts '10mg' {same}",
        f"bids.csv:3: cost_statement: '0' contradicts '1' {same}",
    ]


@pytest.mark.parametrize("declared", ["", "1", "0.996", "0.9957", "0.995714285714"])
def test_a_pack_gives_the_exact_unit_price(tmp_path, declared):
    bids = f"{BIDS_HEADER},pack_units,pack_price\nL1,辉瑞,10mg,{declared},1,7,6.97\n"
    [bid] = read_folder(sound_but(tmp_path, bids=bids)).round.bids
    price = UnitPrice(Decimal("6.97"), 7)
    assert bid.quotes == (Quote("10mg", price),)
    assert price.exact == Fraction(697, 700)


def test_a_half_may_be_rounded_up_or_down(tmp_path):
    header = f"{BIDS_HEADER},pack_units,pack_price"
    for declared in ("0.12", "0.13"):
        bids = f"{header}\nL1,辉瑞,10mg,{declared},1,2,0.25\n"
        assert faults_of(sound_but(tmp_path, bids=bids)) == []


@pytest.mark.parametrize(
    ("cells", "column", "problem", "expected"),
    [
        (
            "0.9956,1,7,6.97",
            "declared_price",
            "'0.9956' is not 6.97 / 7 to its last decimal",
            "0.9957142857142857142857142857 rounded, or an empty cell",
        ),
        ("0.2,1,0,6.97", "pack_units", "'0' is too small", "1 or more"),
        (",1,7.0,6.97", "pack_units", "'7.0' is not a whole number", "a whole number, 1 or more"),
        (",1,7,6.975", "pack_price", "'6.975' is finer than a cent", "at most 2 decimals"),
        (",1,7,0", "pack_price", "'0' is not a price", "more than zero"),
        ("0.2,1,7,", "pack_price", "is empty beside pack_units", "the price of that pack in yuan"),
        ("0.2,1,,6.97", "pack_units", "is empty beside a pack_price", "the units in that pack"),
    ],
)
def test_a_pack_that_does_not_agree_is_a_fault(tmp_path, cells, column, problem, expected):
    bids = f"{BIDS_HEADER},pack_units,pack_price\nL1,辉瑞,10mg,{cells}\n"
    faults = faults_of(sound_but(tmp_path, bids=bids))
    assert faults == [f"bids.csv:2: {column}: {problem}: expected {expected}"]


def test_brands_and_hospitals_tell_volumes_apart(tmp_path):
    volumes = f"""\
{VOLUMES_HEADER},brand,hospital
北京,L1,10mg,1,5,,
北京,L1,10mg,1,6,辉瑞,
北京,L1,10mg,1,7,辉瑞,协和医院
北京,L1,10mg,3,8,,
"""
    read = read_folder(sound_but(tmp_path, volumes=volumes)).round.volumes
    assert [(one.brand, one.hospital, one.base_volume) for one in read] == [
        (None, None, 5),
        ("辉瑞", None, 6),
        ("辉瑞", "协和医院", 7),
        (None, None, 8),
    ]


def test_volumes_may_be_only_a_header(tmp_path):
    folder = read_folder(sound_but(tmp_path, volumes=VOLUMES_HEADER))
    assert folder.round.volumes == ()


def test_an_answer_that_is_repeated_counts_once(tmp_path):
    answers = "lot,bid,question,answer,price\nL1,辉瑞,cut,1,3.50\nL1,辉瑞,cut,1,3.5\n"
    first = read_folder(sound_but(tmp_path, answers=answers))
    lines = answers.splitlines()
    turned = "\n".join([lines[0], lines[2], lines[1]])
    again = read_folder(sound_but(tmp_path, answers=turned))
    assert first.answers == (Answer("L1", "辉瑞", QuestionKind.CUT, True, Decimal("3.5")),)
    assert first.facts == again.facts


def test_answers_need_no_price(tmp_path):
    answers = "answer,question,bid,lot\n1,tie,拜耳,L2\n"
    folder = read_folder(sound_but(tmp_path, answers=answers))
    assert folder.answers == (Answer("L2", "拜耳", QuestionKind.TIE, True),)


@pytest.mark.parametrize(
    "options",
    [
        '[options.places]\nby_bidders = { "1" = 1, "2+" = 2 }\n[options.regions]\nspare = true\n',
        '[options]\nplaces.by_bidders = { "1" = 1, "2+" = 2 }\nregions.spare = true\n',
        '[options]\n"places.by_bidders" = { "1" = 1, "2+" = 2 }\n"regions.spare" = true\n',
        '[options]\nregions = { spare = true }\n[options.places.by_bidders]\n1 = 1\n"2+" = 2\n',
    ],
)
def test_options_have_dotted_keys_however_they_are_written(tmp_path, options):
    folder = read_folder(sound_but(tmp_path, round=SOUND["round.toml"] + options))
    assert folder.round.options == {
        "places.by_bidders": {"1": 1, "2+": 2},
        "regions.spare": True,
    }


def test_the_values_of_options_stay_as_given_and_exact(tmp_path):
    options = """\
[options]
requirements = ["GMP"]
cycle.ends_on = 2027-12-31
share.of_reported = 0.70
anchor.share_of_mean = "0.5"
"""
    folder = read_folder(sound_but(tmp_path, round=SOUND["round.toml"] + options))
    assert folder.round.options == {
        "requirements": ["GMP"],
        "cycle.ends_on": date(2027, 12, 31),
        "share.of_reported": Decimal("0.7"),
        "anchor.share_of_mean": "0.5",
    }
    assert isinstance(folder.round.options["share.of_reported"], Decimal)


@pytest.mark.parametrize(
    ("line", "opened_on"),
    [("", None), ('opened_on = "2020-08-20"', date(2020, 8, 20))],
)
def test_the_day_of_the_opening_may_be_missing_or_a_text(tmp_path, line, opened_on):
    text = f'title = "a round"\nrulebook = "national-3"\n{line}\n'
    assert read_folder(sound_but(tmp_path, round=text)).round.opened_on == opened_on


def test_quoted_cells_blank_lines_and_windows_line_ends_are_read(tmp_path):
    lots = SOUND["lots.csv"].replace("瑞舒伐他汀", '"瑞舒伐他汀,""钙""片"').replace("L2", "\nL2")
    folder = sound_but(tmp_path, lots=lots.replace("\n", "\r\n"))
    assert read_folder(folder).round.lots[0].product == '瑞舒伐他汀,"钙"片'

"""The picture of a lot: what it shows, what it says in words, and that it stays legible."""

import re
import unicodedata
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from bidding.evaluate import evaluate
from bidding.report import LotReport, Outcome, Status, Step
from procurement.awards.price_axis import NARROWEST, draw_price_axis
from procurement.awards.price_lines import price_lines
from procurement.cli import main
from procurement.rounds.folder import read_folder
from procurement.settings import resource_folder
from rulebooks import load_rulebook
from tests.house_rules import ROOT

EXAMPLE = resource_folder("examples") / "national-3-eight-lots"
SVG = "{http://www.w3.org/2000/svg}"
CHOSEN = "#1d4ed8"
NO_REASON = Step("places-unlimited", "places.unlimited", None, {})


def a_bid(name, price, status=Status.REJECTED, **more):
    """An outcome whose comparable price is its declared one."""
    exact = None if price is None else Decimal(price)
    given = {
        "bid": name,
        "manufacturer": name,
        "strength": "10mg",
        "declared_price": exact,
        "comparable_price": exact,
        "rank": None,
        "status": status,
        "offer_price": None,
        "needed_price": None,
        "needed_pack_price": None,
        "reason": NO_REASON,
    }
    return Outcome(**{**given, **more})


def won(name, price, **more):
    return a_bid(name, price, Status.SELECTED, **more)


def a_report(outcomes, steps=(), lot="L1", product="某药"):
    return LotReport(
        lot, product, len(outcomes), None, None, None, None, 0, None, tuple(outcomes), (), (),
        tuple(steps),
    )  # fmt: skip


def a_step(code, bid=None, clause="", **numbers):
    return Step(code, clause, bid, numbers)


def drawn(report, *, ceiling=None, language="en"):
    return ElementTree.fromstring(  # noqa: S314 - our own text
        draw_price_axis(report, ceiling=ceiling, language=language)
    )


def reports_of(folder):
    """Every lot of a round folder with the ceiling of its main strength."""
    read = read_folder(folder)
    rulebook = load_rulebook(read.round.rulebook)
    evaluated = evaluate(read.round, rulebook, read.answers, volumes=False)
    main_ceilings = {
        lot.lot: next((one.price_ceiling for one in lot.strengths.values() if one.ratio == 1), None)
        for lot in read.round.lots
    }
    return [(report, main_ceilings[report.lot]) for report in evaluated.lots]


@pytest.fixture(scope="module")
def example():
    return {report.lot: (report, ceiling) for report, ceiling in reports_of(EXAMPLE)}


def texts(picture):
    return [element.text for element in picture.iter(f"{SVG}text")]


def title(picture):
    return picture.find(f"{SVG}title").text


def dots(picture):
    """The circles on the axis; those of the legend are in pixels."""
    return [dot for dot in picture.iter(f"{SVG}circle") if dot.get("cx").endswith("%")]


def place(element, attribute="cx"):
    return Decimal(element.get(attribute).removesuffix("%"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_committed_picture_is_what_the_command_prints(capsys, language):
    command = ["evaluate", str(EXAMPLE), "--lot", "L01", "--svg", "--lang", language]
    assert main(command) == 0
    committed = ROOT / "docs" / "images" / f"price-axis-L01-{language}.svg"
    assert capsys.readouterr().out == committed.read_text(encoding="utf-8")


def test_the_title_states_the_finding_in_both_languages(example):
    report, ceiling = example["L01"]
    english = "4 of 5 bids selected; highest winning price 3.5 times the lowest"
    assert title(drawn(report, ceiling=ceiling)) == f"L01 阿那曲唑口服常释剂型: {english}"
    chinese = "5 个报价中选 4 个；最高中选价是最低的 3.5 倍"
    picture = drawn(report, ceiling=ceiling, language="zh")
    assert title(picture) == f"L01 阿那曲唑口服常释剂型：{chinese}"


@pytest.mark.parametrize(
    ("outcomes", "finding"),
    [
        ([a_bid("A", "2")], "none of 1 bids selected"),
        ([won("A", "2"), a_bid("B", "3")], "1 of 2 bids selected, at 2 yuan"),
        ([won("A", "2"), won("B", "2.00")], "2 of 2 bids selected; all at 2 yuan"),
        (
            [won("A", "2"), won("B", "2.002")],
            "2 of 2 bids selected; highest winning price 1.001 times the lowest",
        ),
        (
            [won("A", "2"), a_bid("B", "3", Status.TIED), a_bid("C", "3", Status.REVIVAL_OFFERED)],
            "1 of 3 bids selected, at 2 yuan; 2 to be decided",
        ),
    ],
)
def test_the_finding_fits_the_outcome(outcomes, finding):
    assert title(drawn(a_report(outcomes))) == f"L1 某药: {finding}"


def test_selected_bids_are_filled_and_the_others_hollow(example):
    report, ceiling = example["L18"]
    filled = [dot.get("fill") == CHOSEN for dot in dots(drawn(report, ceiling=ceiling))]
    assert filled == [outcome.status.is_selected for outcome in report.outcomes]


def test_a_logarithmic_axis_has_equal_distances_for_equal_ratios():
    report = a_report([won("A", "1"), won("B", "10"), won("C", "100")])
    assert [place(dot) for dot in dots(drawn(report))] == [4, 50, 96]
    assert "logarithmic" in " ".join(texts(drawn(report)))


def test_a_narrow_spread_has_a_linear_axis_from_zero():
    report = a_report([won("A", "1"), won("B", "2"), won("C", "4")])
    assert [place(dot) for dot in dots(drawn(report))] == [27, 50, 96]
    assert "0" in texts(drawn(report))
    assert "logarithmic" not in " ".join(texts(drawn(report)))


def test_lines_are_those_of_the_steps(example):
    report, ceiling = example["L01"]
    lines = price_lines(report, ceiling=ceiling, language="en")
    assert [line.label for line in lines] == [
        "1.8 × lowest = 1.79226",
        "50% below ceiling = 4.42855",
        "ceiling 8.8571",
    ]
    assert [line.is_ceiling for line in lines] == [False, False, True]
    undecided = a_report(report.outcomes)
    assert price_lines(undecided, ceiling=None, language="en") == []


def test_lines_of_other_strengths_are_converted_and_drawn_once(example):
    report, ceiling = example["L18"]
    assert {outcome.strength for outcome in report.outcomes} == {"25mg", "50mg", "100mg"}
    lines = price_lines(report, ceiling=ceiling, language="zh")
    assert [line.label for line in lines] == [
        "最低价 × 1.8 = 6.36984",
        "降幅 50% = 24.0953",
        "最高有效申报价 48.1906",
    ]


@pytest.mark.parametrize(
    ("step", "label"),
    [
        (a_step("anchor", anchor=Decimal("2.5"), lowest=Decimal(2)), "anchor 2.5"),
        (
            a_step(
                "within-line",
                "A",
                "11.2 selection.ratio_to_anchor",
                line=Decimal("4.5"),
                ratio=Decimal("1.8"),
                base=Decimal("2.5"),
            ),
            "1.8 × anchor = 4.5",
        ),
        (a_step("absolute-low", "A", limit=Decimal("0.1")), "absolute low price 0.1"),
        (a_step("reference-price", "A", limit=Decimal(3)), "reference price 3"),
        (a_step("class-b", "A", limit=Decimal(3)), "class B line 3"),
        (a_step("zero-volume-band", limit=Decimal(3)), "no volume below 3"),
        (a_step("above-band", "A", limit=Decimal(3)), "end of the band 3"),
        (a_step("revival-offered", "A", offer=Decimal(3), limit=Decimal(3)), "revival at 3"),
        (a_step("above-line", "A", line=Decimal(3), ratio=Decimal(2), low=Decimal(2)), None),
        (
            a_step("passes-nothing", "A", line=0, cut_limit=Decimal(2), cut=Decimal("0.5")),
            "50% below ceiling = 2",
        ),
        (a_step("within-places", "A", rank=1, places=2), None),
    ],
)
def test_every_rule_that_draws_a_line_is_labelled(step, label):
    lines = price_lines(a_report([won("A", "2.5")], [step]), ceiling=None, language="en")
    if step.code == "above-line":
        # The low price lies under every bid: nobody came near it.
        assert [line.label for line in lines] == ["2 × lowest = 3"]
    else:
        assert [line.label for line in lines] == ([] if label is None else [label])


def test_the_needed_price_stands_where_it_compares(example):
    report, ceiling = example["L18"]
    picture = drawn(report, ceiling=ceiling)
    verticals = [line for line in picture.iter(f"{SVG}line") if line.get("x1") == line.get("x2")]
    (cut,) = {
        place(line, "x1") for line in verticals if line.get("stroke") == "#9a3412"
    } & {  # of the two cut-off lines the one at which they would have passed
        place(line, "x1") for line in verticals if line.get("stroke") is None
    }
    assert 50 < cut < 70
    notes = [text for text in texts(picture) if "needed" in text]
    assert notes == [
        "not selected, declared 51.9 (100mg), needed 40.962",
        "not selected, needed 24.0953",
        "invalid, needed 24.0953",
        "needed price",
    ]


def test_a_bid_declared_by_the_pack_needs_a_price_of_the_pack():
    bid = a_bid("A", "3", needed_price=Decimal("1.43"), needed_pack_price=Decimal("9.97"))
    assert "not selected, needed 9.97 a pack" in texts(drawn(a_report([bid])))
    assert "未中选，每盒须报价至 9.97" in texts(drawn(a_report([bid]), language="zh"))


def test_open_questions_are_named():
    offered = a_bid("A", "3", Status.REVIVAL_OFFERED, offer_price=Decimal("2.5"))
    said = texts(drawn(a_report([offered, a_bid("B", "4", Status.TIED)])))
    assert "revival offered, may accept 2.5" in said
    assert "tied, to be decided" in said


def test_the_end_of_the_places_is_marked_between_its_rows(example):
    report, ceiling = example["L38"]
    said = texts(drawn(report, ceiling=ceiling))
    seventh = next(number for number, text in enumerate(said) if text.startswith("7 山东裕欣"))
    assert said[seventh + 1] == "end of the 7 places"
    assert said[seventh + 2].startswith("8 ")


def test_bids_without_a_known_price_are_listed_without_a_dot():
    picture = drawn(a_report([won("A", "1"), a_bid("B", None, Status.INVALID)]))
    assert len(dots(picture)) == 1
    assert "B price not known" in texts(picture)
    assert dots(drawn(a_report([a_bid("B", None, Status.INVALID)]))) == []


def test_a_comparable_price_of_zero_after_rounding_is_at_the_left_edge():
    picture = drawn(a_report([won("A", "0.0000"), won("B", "1"), won("C", "9")]))
    assert [place(dot) for dot in dots(picture)] == [4, 4, 96]


def test_the_text_alternative_holds_every_bid_and_line(example):
    report, ceiling = example["L01"]
    picture = drawn(report, ceiling=ceiling)
    assert [child.tag for child in picture][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert picture.get("role") == "img"
    names = picture.get("aria-labelledby").split()
    assert [picture.find(f"{SVG}{tag}").get("id") for tag in ("title", "desc")] == names
    said = picture.find(f"{SVG}desc").text
    assert "ceiling 8.8571" in said
    for outcome in report.outcomes:
        assert outcome.manufacturer in said
    assert "declared 29.929 is above the ceiling 8.8571: invalid" in said


def test_there_is_nothing_to_run_or_to_fetch(example):
    report, ceiling = example["L01"]
    svg = draw_price_axis(report, ceiling=ceiling, language="en")
    tags = {element.tag.removeprefix(SVG) for element in ElementTree.fromstring(svg).iter()}  # noqa: S314
    assert tags == {"svg", "title", "desc", "rect", "g", "line", "circle", "text"}
    assert not re.search(r"""href|style|\bon\w+=|url\(|http(?!://www\.w3\.org/2000/svg")""", svg)


def test_markup_in_names_stays_text():
    report = a_report([won("<script>&\"'", "1")], lot="L 1/甲", product="<b>")
    picture = drawn(report)
    assert "<script>&\"' 1" in texts(picture)
    assert picture.find(f"{SVG}title").get("id") == "price-axis-L_1_甲-title"


def test_names_that_are_too_long_are_shortened_and_keep_their_price():
    report = a_report([won("长" * 400, "1.2345", rank=1), won("B" * 400, "9")])
    picture = drawn(report, language="zh")
    long = next(text for text in texts(picture) if "长" in text)
    assert re.fullmatch("1 +长+… +1[.]2345", long)
    assert_legible(picture)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_label_leaves_the_picture_or_covers_another(example, language):
    for report, ceiling in example.values():
        assert_legible(drawn(report, ceiling=ceiling, language=language))


@pytest.mark.parametrize("name", ["alliance-2019", "national-3-2020"])
def test_all_lots_of_the_past_rounds_are_legible(shared, name):
    for report, ceiling in reports_of(shared / "rounds" / name):
        assert_legible(drawn(report, ceiling=ceiling))


def assert_legible(picture):
    """No text leaves the picture or covers another, neither narrow nor wide, nor on a dot."""
    height = int(picture.get("height"))
    elements = [one for one in picture.iter(f"{SVG}text") if one.get("x").endswith("%")]
    for width in (int(NARROWEST), 1440):
        boxes = [box_of(element, width) for element in elements]
        for left, right, top, bottom in boxes:
            assert left >= 0
            assert right <= width
            assert top >= 0
            assert bottom <= height
        for dot in dots(picture):
            x, y = float(place(dot)) * width / 100, int(dot.get("cy"))
            boxes.append((x - 7, x + 7, y - 7, y + 7))
        for number, box in enumerate(boxes[: len(elements)]):
            covered = [other for other in boxes[number + 1 :] if overlaps(box, other)]
            assert covered == [], elements[number].text


def box_of(element, width):
    """Left, right, top and bottom of a text in pixels, as Helvetica and a Chinese font draw it."""
    size = int(element.get("font-size", "12"))
    x = float(place(element, "x")) * width / 100 + float(element.get("dx", "0"))
    long = size * sum(map(em, element.text)) * (1.07 if element.get("font-weight") else 1)
    left = x - {"start": 0, "middle": long / 2, "end": long}[element.get("text-anchor", "start")]
    baseline = int(element.get("y"))
    return left, left + long, baseline - 0.8 * size, baseline + 0.2 * size


HELVETICA = {
    0.222: "ijl",
    0.278: " .,:;/!ftI",
    0.333: "()-r",
    0.5: "ckssvxyzJ",
    0.584: "×=",
    0.667: "ABEKPSVXY",
    0.722: "CDHNRUw",
    0.778: "GOQ",
    0.833: "mM",
    0.889: "%",
    0.944: "W",
}
"""Advance widths in em; what is not listed (digits, most letters) is 0.556."""


def em(mark):
    if unicodedata.east_asian_width(mark) in "WF" or mark == "…":
        return 1.0
    return next((width for width, marks in HELVETICA.items() if mark in marks), 0.556)


def overlaps(one, other):
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


def test_text_and_lines_contrast_with_the_ground(example):
    report, ceiling = example["L01"]
    picture = drawn(report, ceiling=ceiling)
    inks = {element.get("fill") for element in picture.iter(f"{SVG}text")} | {picture.get("fill")}
    marks = {element.get("stroke") for element in picture.iter() if element.tag != f"{SVG}g"}
    # White is the ground and the halo; the faint tracks only guide the eye.
    colours = (inks | marks) - {None, "#ffffff", "#e5e7eb"}
    assert len(colours) == 4
    assert all(contrast_with_white(colour) >= 4.5 for colour in colours)


def contrast_with_white(colour):
    """Contrast ratio as WCAG 2 defines it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    luminance = sum(
        weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True)
    )
    return 1.05 / (luminance + 0.05)

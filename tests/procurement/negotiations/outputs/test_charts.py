"""The charts: what their titles say is what they show, and all of it can be read."""

import re
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.negotiations.outputs.chart_list import charts_of
from procurement.negotiations.outputs.charts import draw, draw_on_paper, price_reach, tornado
from procurement.negotiations.outputs.charts.axes import (
    NARROWEST,
    Axis,
    axis_over,
    labelled_ticks,
)
from procurement.negotiations.outputs.charts.lettering import money_scale, text_width
from procurement.negotiations.outputs.charts.marks import spread
from procurement.negotiations.outputs.charts.price_ratio import price_ratio, worth
from procurement.negotiations.outputs.figures import Bar, RatioLine, Tornado
from procurement.negotiations.outputs.said import Reader, Said
from tests.procurement.negotiations.outputs.sample import sample_dossier

SVG = "{http://www.w3.org/2000/svg}"
ZH, EN = Reader("zh"), Reader("en")
AMOUNTS = st.floats(-1e12, 1e12, allow_nan=False)


def parsed(svg):
    return fromstring(str(svg))  # noqa: S314 - a picture that the test itself has drawn


def charts(reader) -> Any:
    return {one.picture.name: one.picture for one in charts_of(sample_dossier(), reader=reader)}


@pytest.mark.parametrize("reader", [ZH, EN])
def test_every_picture_has_a_name_of_its_own_a_title_and_words(reader):
    shown = charts(reader)
    assert len(shown) == 9
    for picture in shown.values():
        root = parsed(draw(picture, language=reader.language))
        assert root.find(f"{SVG}title").text == picture.title
        assert len(root.find(f"{SVG}desc").text) > 20
        assert "¤" not in str(draw(picture, language=reader.language))


@pytest.mark.parametrize("reader", [ZH, EN])
def test_no_words_leave_the_picture_on_the_narrowest_screen(reader):
    for picture in charts(reader).values():
        for one in picture.marks:
            if one.kind != "words":
                continue
            start = NARROWEST * one.x / 100 + one.dx
            width = text_width(one.text, one.size)
            start -= {"start": 0, "middle": width / 2, "end": width}[one.anchor]
            assert start > -8, one
            assert start + width < NARROWEST + 30, one
            assert 0 < one.y < picture.height, one


def test_a_picture_on_paper_has_a_width_and_nothing_for_scripts():
    for picture in charts(ZH).values():
        root = parsed(draw_on_paper(picture, language="zh"))
        assert root.attrib["width"].isdigit()
        assert not [one for one in root.iter() if "data-cursor" in one.attrib]


def test_the_title_names_the_ceiling_and_what_binds():
    shown = charts(EN)
    assert shown["price-budget"].title == (
        "All constraints hold up to 26,937.98 yuan; what binds is: budget of every year"
    )
    assert shown["corridor"].title.endswith("the ceiling is 26,937.98")


def test_the_feasible_interval_is_shaded_up_to_the_ceiling():
    picture = charts(EN)["price-budget"]
    axis = picture.price_axis
    box = next(one for one in picture.marks if one.kind == "box")
    assert box.x == axis.start
    assert box.x + box.width == pytest.approx(axis.at(26_937.98))


def test_the_line_at_115_percent_is_drawn_where_it_lies():
    picture = charts(EN)["corridor"]
    label = next(one for one in picture.marks if one.kind == "words" and "115%" in one.text)
    assert label.text == "115%: 30,978.68"
    assert label.x == picture.price_axis.at(26_937.98 * 1.15)


def test_the_comparator_that_decides_is_drawn_first_and_its_price_rounded_down():
    lines = [RatioLine("far", 0.0, 1.0, 9.0), RatioLine("near", 10.0, 3.0, 1.0)]
    assert worth(lines[1], 100.0) == 30.0
    picture = price_ratio(
        lines,
        threshold=100.0 + 1e-3,
        price=5.0,
        reach=60.0,
        unit="",
        effect_unit="QALY",
        reader=EN,
    )
    assert "more unit than near" in picture.title
    assert "up to 30.00 yuan" in picture.title


def test_the_longest_bar_stands_above_and_one_without_a_result_above_all():
    bars = [Bar("short", 0, 1, 9.0, 11.0), Bar("long", 0, 1, 5.0, 15.0), Bar("lost", 0, 1, None, 1)]
    picture = tornado(
        Tornado(10.0, bars),
        name="any",
        result=Said("结果", "the result"),
        scale=1.0,
        unit=Said("元", "yuan"),
        reader=EN,
    )
    marks: Any = picture.marks
    words = [one.text for one in marks if one.kind == "words"]
    names = [text.split()[0] for text in words if "–" in text]
    assert names == ["lost", "long", "short"]
    assert picture.title == "lost moves the result most"


def test_an_analysis_in_which_nothing_moves_says_so():
    picture = tornado(
        Tornado(10.0, [Bar("idle", 0, 1, 10.0, 10.0)]),
        name="any",
        result=Said("结果", "the result"),
        scale=1.0,
        unit=Said("元", "yuan"),
        reader=EN,
    )
    assert picture.title == "No single input moves the result"


def test_a_ceiling_many_times_the_lowest_does_not_press_the_others_together():
    assert price_reach([100.0, 90.0, 1e7], 90.0) == 125.0


@given(st.lists(AMOUNTS, min_size=1, max_size=8), st.booleans())
def test_an_axis_holds_every_value_and_its_ticks_are_few_and_inside(values, from_zero):
    axis = axis_over(values, start=0, end=100, from_zero=from_zero)
    assert all(axis.holds(value) for value in values)
    assert all(0 <= axis.at(value) <= 100 for value in values)
    ticks, decimals = axis.ticks(6)
    assert len(ticks) <= 7
    assert all(axis.holds(tick) for tick in ticks)
    assert decimals >= 0


@given(st.floats(0.001, 1e9))
def test_labels_of_ticks_never_touch(high):
    ticks = labelled_ticks(Axis(0.0, high, 2.0, 98.0), 12)
    ends = [
        (NARROWEST * x / 100 - text_width(t, 12) / 2, NARROWEST * x / 100 + text_width(t, 12) / 2)
        for x, t in ticks
    ]
    assert all(before[1] < after[0] for before, after in pairwise(ends))


@given(st.lists(st.floats(0, 300), min_size=1, max_size=8))
def test_labels_that_are_spread_keep_their_order_and_their_gap(places):
    moved = spread(places, 15, 0, 300)
    pairs = sorted(zip(places, moved, strict=True))
    gaps = [after[1] - before[1] for before, after in pairwise(pairs)]
    assert all(gap > 15 - 1e-6 for gap in gaps)
    assert all(-1e-6 <= place <= 300 + 1e-6 for place in moved)


@pytest.mark.parametrize(
    ("amount", "zh", "en"),
    [
        (9_999, "元", "yuan"),
        (16_636_860, "万元", "million yuan"),
        (2e9, "亿元", "million yuan"),
        (2e10, "亿元", "billion yuan"),
    ],
)
def test_amounts_are_written_in_a_unit_with_few_digits(amount, zh, en):
    assert money_scale([amount], ZH).unit(ZH) == zh
    assert money_scale([amount], EN).unit(EN) == en


def test_a_model_in_pounds_is_not_shown_in_yuan():
    reader = Reader("zh", Said("英镑", "GBP"))
    for picture in charts(reader).values():
        assert not re.search(r"元", str(draw(picture, language="zh")).replace("单元", ""))

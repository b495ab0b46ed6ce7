"""The lab's answer in words: titles, rows of text and notes, in Chinese or English."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bidding.lab.report import DocumentFigures, Fit, LabReport, Range
from bidding.wording import LANGUAGES

Pair = tuple[str, str]
"""A text in each of the languages."""

Rows = list[list[str]]

_HUNDRED_MILLION = 1e8


def _count(value: float) -> str:
    return f"{value:,.0f}"


def _mean_count(value: float) -> str:
    return f"{value:,.1f}"


def _percent(value: float) -> str:
    return f"{value:.1%}"


def _ratio(value: float) -> str:
    return f"{value:.2f}"


def _index(value: float) -> str:
    return f"{value:.3f}"


def _hundred_millions(value: float) -> str:
    return f"{value / _HUNDRED_MILLION:,.2f}"


Form = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class _Line:
    """How a measure is called and written."""

    name: Pair
    form: Form
    mean_form: Form


def _whole(zh: str, en: str) -> _Line:
    return _Line((zh, en), _count, _mean_count)


def _figure(zh: str, en: str, form: Form) -> _Line:
    return _Line((zh, en), form, form)


MEASURE_LINES: Mapping[str, _Line] = {
    "winners": _whole("中选（带量）", "selected with volume"),
    "shortlisted": _whole("入围", "shortlisted"),
    "cut_off": _whole("入围未中选", "shortlisted, not selected"),
    "to_revive": _whole("可复活", "offered revival"),
    "selected_without_volume": _whole("中选不带量", "selected without volume"),
    "tied": _whole("同价待定", "tied"),
    "lots_without_winner": _whole("无中选企业的品种", "lots without a winner"),
    "median_cut": _figure(
        "中选降幅中位数（较最高有效申报价）", "median cut from ceiling", _percent
    ),
    "highest_to_lowest": _figure("中选最高价/最低价中位数", "median highest/lowest", _ratio),
    "agreed_volume": _figure(
        "约定采购量（亿最小单位）", "agreed volume (100 m units)", _hundred_millions
    ),
    "spend": _figure("采购金额（亿元）", "spend (100 m yuan)", _hundred_millions),
    "savings": _figure("节省金额（亿元）", "savings (100 m yuan)", _hundred_millions),
    "concentration": _figure("供应集中度（HHI）", "concentration (HHI)", _index),
    "top_15_share": _figure("前 15 家企业金额占比", "spend with the 15 largest", _percent),
}
"""In the order of the table; ``top_15_share`` is of the real fields only."""

GOODNESS_LINES: Mapping[str, _Line] = {
    "median_cv": _figure("报价变异系数中位数", "median coefficient of variation", _index),
    "invalid_share": _figure("无效报价占比", "share of invalid bids", _percent),
    "extreme_share": _figure("极端低价占比", "share of extreme low bids", _percent),
}


def in_language(pair: Pair, language: str) -> str:
    """The text in a language.

    Raises:
        ValueError: Nobody has written it in that language.
    """
    return pair[LANGUAGES.index(language)]


def observed_rows(report: LabReport, language: str) -> Rows:
    """One column a document, one row a measure of the real fields.

    Args:
        report: The report.
        language: ``zh`` or ``en``.
    """
    rows = [["", *(document.rulebook for document in report.documents)]]
    for name, line in MEASURE_LINES.items():
        values = [_observed(document, name) for document in report.documents]
        rows.append([in_language(line.name, language), *(_text(v, line.form) for v in values)])
    changes = [document.changes for document in report.documents]
    if len(changes) > 1:
        new = in_language(("较第一列新增中选", "newly selected"), language)
        lost = in_language(("较第一列落选", "no longer selected"), language)
        rows.append([new, *(_count(one.newly_selected) for one in changes)])
        rows.append([lost, *(_count(one.no_longer_selected) for one in changes)])
    return rows


def simulated_rows(report: LabReport, language: str) -> Rows:
    """One column a document, one row a measure: mean and range over the draws.

    Args:
        report: With draws.
        language: ``zh`` or ``en``.
    """
    rows = [["", *(document.rulebook for document in report.documents)]]
    for name, line in MEASURE_LINES.items():
        ranges = [document.simulated.get(name) for document in report.documents]
        known = [one for one in ranges if one is not None]
        if known:
            rows.append([in_language(line.name, language), *(_range(one, line) for one in known)])
    return rows


def goodness_rows(fit: Fit, language: str) -> Rows:
    """Figures of the spread of bids, real and simulated.

    Args:
        fit: The bid model.
        language: ``zh`` or ``en``.
    """
    heads = (("模型拟合", "fit of the model"), ("实际", "observed"), ("模拟", "simulated"))
    rows = [[in_language(head, language) for head in heads]]
    for name, line in GOODNESS_LINES.items():
        observed = _text(fit.observed[name], line.form)
        rows.append([in_language(line.name, language), observed, _range(fit.simulated[name], line)])
    return rows


def notes(report: LabReport, language: str) -> list[str]:
    """What a reader must know: lots without a ceiling, rules that are assumed."""
    lines = []
    without = report.documents[0].lots_without_ceiling
    if without:
        text = in_language(
            (
                "未设最高有效申报价、不计降幅和节省的品种",
                "lots without a ceiling, left out of cut and savings",
            ),
            language,
        )
        lines.append(f"{text}: {len(without)} ({', '.join(without)})")
    for document in report.documents:
        if document.assumed:
            text = in_language(("未知规则，按假设取值", "unknown rules, values assumed"), language)
            lines.append(f"{document.rulebook}: {text}: {', '.join(document.assumed)}")
    return lines


def _observed(document: DocumentFigures, name: str) -> float:
    return document.top_15_share if name == "top_15_share" else document.observed[name]


def _text(value: float, form: Form) -> str:
    return "–" if math.isnan(value) else form(value)


def _range(values: Range, line: _Line) -> str:
    low, high = _text(values.p5, line.form), _text(values.p95, line.form)
    return f"{_text(values.mean, line.mean_form)} [{low}, {high}]"

"""The tables of a report in one language, for the page, the PDF and the CSV alike; pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from procurement.monitoring.report.wording import HEADINGS
from procurement.monitoring.states import PROPOSAL_NAMES, ProposalStatus

Json = Mapping[str, Any]
Text = Callable[[str, str], str]
NOTHING = "—"


@dataclass(frozen=True, slots=True)
class TableOf:
    """A table.

    Attributes:
        caption: What it shows.
        headings: Of its columns.
        rows: Cells as text.
        texts: How many columns from the left are texts; the others are numbers.
        note: What is to be known; empty where nothing is.
    """

    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    texts: int = 1
    note: str = ""

    def is_number(self, place: int) -> bool:
        """Whether a column holds numbers."""
        return place >= self.texts


def tables_of(content: Json, *, language: str) -> dict[str, list[TableOf]]:
    """Return the tables of each part, in the order of the report; parts without rows too."""

    def text(zh: str, en: str) -> str:
        return en if language == "en" else zh

    return {part: _PARTS[part](content, text) for part in HEADINGS}


def _cell(value: object) -> str:
    if value is None:
        return NOTHING
    return f"{value:,}" if isinstance(value, int) else str(value)


def _rows(records: Sequence[Json], *names: str) -> list[list[str]]:
    return [[_cell(one[name]) for name in names] for one in records]


def _hidden(content: Json, part: str, text: Text) -> str:
    number = content[part]["hidden"]
    if not number:
        return ""
    if _least(content) is None:
        return text(
            f"未设定公开数字的最少来源数，{number:,} 项不列出。",
            f"Nobody gave the least number of sources: {number:,} rows are not named.",
        )
    if part in _WITH_PRICES:
        return text(
            f"来源少于 {_least(content)} 个或中选价不公开的 {number:,} 项不列出。",
            f"{number:,} rows with fewer than {_least(content)} sources, or with a winning price "
            "that is not public, are not named.",
        )
    return text(
        f"来源少于 {_least(content)} 个的 {number:,} 项不列出。",
        f"{number:,} rows with fewer than {_least(content)} sources are not named.",
    )


_WITH_PRICES = ("movers", "gaps")


def _least(content: Json) -> str | None:
    value: str | None = content["thresholds"][0]["value"]
    return value


def _index(content: Json, text: Text) -> list[TableOf]:
    index, whole = content["index"], content["index"]["quarter"]
    headings = (
        text("时期", "period"),
        text("拉氏", "Laspeyres"),
        text("帕氏", "Paasche"),
        text("费雪", "Fisher"),
        text("可比药品", "drugs compared"),
        text("可比金额占比（%）", "part of the amount (%)"),
    )
    names = ("laspeyres", "paasche", "fisher", "matched", "share")
    quarter = [] if whole is None else _rows([whole], *names)
    return [
        TableOf(
            text("本季度，上季度 = 100", "This quarter; the quarter before is 100"),
            headings,
            [[content["quarter"], *row] for row in quarter],
        ),
        TableOf(
            text(
                "月度链接指数，首个有采购的月份 = 100",
                "Chained by month; the first with purchases is 100",
            ),
            headings,
            _rows(index["points"], "month", *names),
        ),
    ]


def _movers(content: Json, text: Text) -> list[TableOf]:
    headings = (
        text("药品", "drug"),
        text("规格", "strength"),
        text("企业", "manufacturer"),
        text("上季度单价（元）", "unit price before (yuan)"),
        text("本季度单价（元）", "unit price now (yuan)"),
        text("涨跌幅（%）", "change (%)"),
        text("贡献（百分点）", "contribution (points)"),
    )
    names = ("drug", "strength", "maker", "before", "after", "change", "contribution")
    movers = content["movers"]
    return [
        TableOf(
            text(f"涨价（共 {movers['ups']:,} 个）", f"Rises ({movers['ups']:,} in all)"),
            headings,
            _rows(movers["up"], *names),
            3,
        ),
        TableOf(
            text(f"降价（共 {movers['downs']:,} 个）", f"Falls ({movers['downs']:,} in all)"),
            headings,
            _rows(movers["down"], *names),
            3,
            _hidden(content, "movers", text),
        ),
    ]


def _gaps(content: Json, text: Text) -> list[TableOf]:
    return [
        TableOf(
            text("同药采购单价（元）", "Unit prices of the same drug (yuan)"),
            (
                text("药品", "drug"),
                text("规格", "strength"),
                text("企业", "manufacturer"),
                text("最低", "lowest"),
                text("众数", "usual"),
                text("最高", "highest"),
                text("倍数", "ratio"),
                text("医疗机构", "hospitals"),
            ),
            _rows(
                content["gaps"]["rows"],
                *("drug", "strength", "maker", "lowest", "mode", "highest", "ratio", "hospitals"),
            ),
            3,
            _hidden(content, "gaps", text),
        )
    ]


def _shares(content: Json, text: Text) -> list[TableOf]:
    return [
        TableOf(
            text("按月采购金额", "Amount bought by month"),
            (
                text("月份", "month"),
                text("金额（元）", "amount (yuan)"),
                text("中选产品占比（%）", "selected products (%)"),
                text("规格或企业不明占比（%）", "of unknown strength or maker (%)"),
            ),
            _rows(content["shares"], "month", "amount", "winning", "unknown"),
        )
    ]


def _delivery(content: Json, text: Text) -> list[TableOf]:
    headings = (
        text("企业", "firm"),
        text("医疗机构", "hospitals"),
        text("订购（盒）", "packs ordered"),
        text("到货（盒）", "packs delivered"),
        text("配送率（%）", "delivered (%)"),
        text("按时率（%）", "in time (%)"),
    )
    names = ("name", "hospitals", "ordered", "delivered", "rate", "in_time")
    delivery = content["delivery"]
    return [
        TableOf(text("生产企业", "Manufacturers"), headings, _rows(delivery["makers"], *names)),
        TableOf(
            text("配送企业", "Distributors"),
            headings,
            _rows(delivery["distributors"], *names),
            1,
            _hidden(content, "delivery", text),
        ),
    ]


def _progress(content: Json, text: Text) -> list[TableOf]:
    return [
        TableOf(
            text("各批次协议期", "Terms of rounds"),
            (
                text("批次", "round"),
                text("协议期", "term"),
                text("约定采购量", "agreed"),
                text("已采购", "bought"),
                text("完成率（%）", "completed (%)"),
                text("时间进度（%）", "time target (%)"),
            ),
            _rows(
                content["progress"]["rows"],
                *("round", "term", "agreed", "received", "completion", "target"),
            ),
            1,
            _hidden_terms(content, text),
        )
    ]


def _hidden_terms(content: Json, text: Text) -> str:
    # Reports that were made before this was counted do not have it.
    return _hidden(content, "progress", text) if "hidden" in content["progress"] else ""


def _survey(content: Json, text: Text) -> list[TableOf]:
    language = text("zh", "en")
    survey = content["survey"]
    turnout = [
        [month["month"], one["link"][language], *map(_cell, (one["asked"], one["answered"]))]
        for month in survey["months"]
        for one in month["links"]
    ]
    leads = survey["leads"]
    return [
        TableOf(
            text("答复情况", "Who answered"),
            (
                text("月份", "month"),
                text("环节", "link"),
                text("应填报", "asked"),
                text("已填报", "answered"),
            ),
            turnout,
            2,
            text(f"社会舆情线索 {leads:,} 条。", f"Leads of public opinion: {leads:,}."),
        ),
        TableOf(
            text("断货占比居前的药品", "Drugs that institutions were out of most"),
            (
                text("药品", "drug"),
                text("机构", "institutions"),
                text("断货机构", "out of stock"),
                text("占比（%）", "part (%)"),
                text("库存天数", "days of stock"),
                text("到货率（%）", "delivered (%)"),
            ),
            _rows(survey["drugs"], "drug", "institutions", "out_of_stock", "share", "days", "rate"),
            1,
            _hidden(content, "survey", text),
        ),
    ]


def _shortages(content: Json, text: Text) -> list[TableOf]:
    language = text("zh", "en")
    return [
        TableOf(
            text("短缺药品", "Drugs in short supply"),
            (
                text("药品", "drug"),
                text("提示", "light"),
                text("列入日期", "since"),
                text("理由", "reason"),
            ),
            [
                [one["drug"], one["light_name"][language], one["since"], one["reason"]]
                for one in content["shortages"]
            ],
            4,
        )
    ]


def _control(content: Json, text: Text) -> list[TableOf]:
    return [
        TableOf(
            text("高于监测价的挂网药品", "Listed drugs above the monitoring price"),
            (
                text("清单", "list"),
                text("可比", "compared"),
                text("高于监测价", "above"),
                text("已调整", "adjusted"),
                text("未调整", "left"),
                text("调整占比（%）", "adjusted (%)"),
            ),
            _rows(
                content["control"],
                *("title", "listed", "above", "adjusted", "left", "adjusted_percent"),
            ),
        )
    ]


def _linkage(content: Json, text: Text) -> list[TableOf]:
    return [
        TableOf(
            text("建议由人复核，不自动改价", "Persons decide; no price changes by itself"),
            (text("状态", "status"), text("数量", "number")),
            [
                [text(*PROPOSAL_NAMES[status]), _cell(content["linkage"].get(status.value, 0))]
                for status in ProposalStatus
            ],
        )
    ]


def _thresholds(content: Json, text: Text) -> list[TableOf]:
    language = text("zh", "en")
    unknown = text("未设定", "not given")
    return [
        TableOf(
            text("文件没有规定数值，由采购办设定", "No document states them; the bureau gave them"),
            (text("界限", "threshold"), text("数值", "value"), text("依据", "basis")),
            [
                [one["name"][language], one["value"] or unknown, one["basis"] or NOTHING]
                for one in content["thresholds"]
            ],
            3,
        )
    ]


def _sources(content: Json, text: Text) -> list[TableOf]:
    sources = content["sources"]
    return [
        TableOf(
            text(f"采购记录 {sources['lines']:,} 行", f"{sources['lines']:,} purchase lines"),
            (
                text("年份", "year"),
                text("地区", "region"),
                text("行数", "rows"),
                text("摘要（SHA-256）", "digest (SHA-256)"),
            ),
            [
                [str(one["year"]), one["region"], _cell(one["rows"]), one["digest"][:16]]
                for one in sources["partitions"]
            ],
            2,
        )
    ]


_PARTS: Mapping[str, Callable[[Json, Text], list[TableOf]]] = {
    "index": _index,
    "movers": _movers,
    "gaps": _gaps,
    "shares": _shares,
    "delivery": _delivery,
    "progress": _progress,
    "survey": _survey,
    "shortages": _shortages,
    "control": _control,
    "linkage": _linkage,
    "thresholds": _thresholds,
    "sources": _sources,
}

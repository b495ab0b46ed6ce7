"""What the sample pages of the style guide show."""

from datetime import timedelta
from decimal import Decimal

from procurement.errors import FieldFault
from procurement.notices import Task
from procurement.web import Page
from tests.browser.site import MOMENT


def sample(language: str) -> dict[str, object]:
    """Return the context of the sample pages."""
    return {
        "far": MOMENT + timedelta(days=3, hours=2, minutes=55),
        "near": MOMENT + timedelta(minutes=40),
        "tasks": tasks(),
        "rows": rows(language),
        "page": Page(rows=(), number=4, size=50, total=583),
        "entries": entries(language),
        "faults": faults(),
        "values": {
            "title": "氨氯地平片",
            "declared_price": "0.12345",
            "region": "310000",
            "opens_at": "2026-11-25T09:00",
        },
    }


def tasks() -> list[Task]:
    """Return one urgent task and one that is not."""
    return [
        Task(
            "填写示例批次的申报（12 个品种）",
            "Declare prices in the example round (12 lots)",
            "/rounds/example/bid",
            MOMENT + timedelta(hours=20),
            urgent=True,
        ),
        Task(
            "补交委托生产协议",
            "Supply the contract of manufacture",
            "/rounds/example/papers",
            MOMENT + timedelta(days=6),
        ),
    ]


def rows(language: str) -> list[tuple[object, ...]]:
    """Return lots: name, kind and word of the state, volume, ceiling."""
    chinese = [
        ("氨氯地平片", "info", "申报中", 123456, Decimal("0.4560")),
        ("注射用头孢曲松钠", "good", "已开标", 8800, Decimal("12.3")),
        ("阿托伐他汀钙片", "bad", "流标", 2667744, Decimal("1.02")),
    ]
    english = [
        ("Amlodipine tablets", "Open"),
        ("Ceftriaxone for injection", "Opened"),
        ("Atorvastatin tablets", "Failed"),
    ]
    if language == "zh":
        return list(chinese)
    return [
        (name, row[1], word, *row[3:]) for row, (name, word) in zip(chinese, english, strict=True)
    ]


def entries(language: str) -> list[dict[str, object]]:
    """Return the life of a round."""
    steps = [
        ("建立草稿", "Drafted", "done", -40),
        ("发布采购文件", "Published", "done", -9),
        ("企业申报", "Bidding", "now", 3),
        ("开标", "Opening", "next", 4),
        ("公示", "Notice", "next", None),
    ]
    return [
        {
            "title": en if language == "en" else zh,
            "state": state,
            "moment": None if days is None else MOMENT + timedelta(days=days),
            "actor": "某市联合采购办公室" if state == "done" else "",
            "href": "/rounds/example/document" if days == -9 else None,
        }
        for zh, en, state, days in steps
    ]


def faults() -> list[FieldFault]:
    """Return faults of a line, of radios and of a box."""
    return [
        FieldFault("declared_price", "申报价最多 4 位小数。", "At most 4 decimals."),
        FieldFault("maker", "请选择生产方式。", "Choose who makes it."),
        FieldFault("agreed", "须确认内容属实。", "Confirm that it is true."),
    ]

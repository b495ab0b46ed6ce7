"""A round folder written from what makers declared, by other code than the platform's."""

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from bidding.sealing import BidLine
from tests.procurement.awards.world import BASE, OPTIONS, VALSARTAN
from tests.procurement.rounds.world import LOTS, REGIONS

LOT = ("lot", "product", "strength", "strength_ratio", "price_ceiling", "dosage_form")
BID = (
    *("lot", "manufacturer", "strength", "declared_price", "is_originator", "bid"),
    *("pack_units", "pack_price", "capacity", "supplies"),
)
VOLUME = ("region", "lot", "strength", "strength_ratio", "base_volume")
ANSWER = ("lot", "bid", "question", "answer", "price")


def write_folder(
    folder: Path,
    *,
    rulebook: str,
    bids: Mapping[str, Iterable[BidLine]],
    answers: Iterable[tuple[str, str, str, bool]] = (),
) -> Path:
    """Write the folder of the tests' round.

    Args:
        folder: An empty one.
        rulebook: The rulebook.
        bids: What each manufacturer declared, by its name.
        answers: Lot, bid, question and answer.
    """
    options = "\n".join(f'"{key}" = "{value}"' for key, value in json.loads(OPTIONS).items())
    (folder / "round.toml").write_text(
        f'title = "药品集中带量采购文件"\nrulebook = "{rulebook}"\nopened_on = 2026-12-17\n'
        f"[options]\n{options}\n",
        encoding="utf-8",
    )
    strengths = [
        (code, f"{product}{form}", strength, ratio, ceiling)
        for code, product, form, _unit, found in (*LOTS, _valsartan())
        for strength, ratio, ceiling in found
    ]
    _write(folder / "lots.csv", LOT, [(*one, "oral-solid") for one in strengths])
    _write(folder / "bids.csv", BID, _bid_rows(bids))
    _write(
        folder / "volumes.csv",
        VOLUME,
        [
            (region, lot, strength, ratio, BASE[lot][strength])
            for region in REGIONS
            for lot, _product, strength, ratio, _ceiling in strengths
        ],
    )
    given = [(lot, bid, question, int(answer), "") for lot, bid, question, answer in answers]
    if given:
        _write(folder / "answers.csv", ANSWER, given)
    return folder


def _valsartan():
    code, (product, form, unit), strengths = VALSARTAN
    return (code, product, form, unit, strengths)


def _bid_rows(bids: Mapping[str, Iterable[BidLine]]) -> Iterable[tuple[object, ...]]:
    for maker, lines in bids.items():
        held = [*lines]
        for line in held:
            products = {one.product for one in held if one.lot == line.lot}
            is_named = len(products) > 1 and line.product is not None
            bid = f"{maker} · {line.product}" if is_named else maker
            declared = "" if line.declared_price is None else line.declared_price
            pack = (line.pack_units or "", line.pack_price or "")
            supplies = ";".join(line.supplies)
            capacity = "" if line.capacity is None else line.capacity
            yield (line.lot, maker, line.strength, declared, 0, bid, *pack, capacity, supplies)


def _write(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)

"""What a simulated round must have come to, computed from what was acknowledged alone.

The bids that stand are written as a round folder, as anybody could, and evaluated by the pure
rules; nothing is read from the platform but its report, with which the result is compared.
"""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bidding.report_json import report_document
from procurement.rounds.folder.governed import govern
from tests.procurement.awards.world import BASE
from tests.procurement.rounds.world import REGIONS
from tests.simulation.bidders import CEILINGS, Bidder

RATIOS = {"500mg": "2"}
PRODUCTS = {
    "L01": "阿那曲唑口服常释剂型",
    "L02": "阿莫西林口服常释剂型",
    "L03": "缬沙坦口服常释剂型",
}
Row = Mapping[str, object]


def expected_selection(
    folder: Path,
    bidders: Iterable[Bidder],
    *,
    rulebook: str,
    options: Mapping[str, str],
    answers: Mapping[tuple[str, str, str], bool],
) -> dict[str, dict[str, tuple[Any, ...]]]:
    """Evaluate what stands.

    Args:
        folder: An empty folder.
        bidders: Whose bids could be opened.
        rulebook: Id of the rules.
        options: What the rules leave open.
        answers: By lot, bid and question.

    Returns:
        Rank, comparable price and whether it is selected, by lot and manufacturer.
    """
    stated = "".join(f'"{key}" = "{value}"\n' for key, value in options.items())
    (folder / "round.toml").write_text(
        f'title = "x"\nrulebook = "{rulebook}"\nopened_on = 2026-12-17\n[options]\n{stated}',
        encoding="utf-8",
    )
    _write(folder / "lots.csv", _lots())
    _write(folder / "volumes.csv", _volumes())
    _write(folder / "bids.csv", _bids(bidders))
    if answers:
        _write(
            folder / "answers.csv",
            [
                {"lot": lot, "bid": bid, "question": question, "answer": int(yes)}
                for (lot, bid, question), yes in sorted(answers.items())
            ],
        )
    document: Any = report_document(govern(folder).evaluate())
    return selection_of(document["lots"])


def selection_of(lots: Iterable[Any]) -> dict[str, dict[str, tuple[Any, ...]]]:
    """What a report says of each bid; lots without bids say nothing."""
    told = {
        lot["lot"]: {
            one["manufacturer"]: (one["rank"], one["comparable_price"], one["selected"])
            for one in lot["outcomes"]
        }
        for lot in lots
    }
    return {lot: outcomes for lot, outcomes in told.items() if outcomes}


def _lots() -> list[Row]:
    return [
        {
            "lot": lot,
            "product": PRODUCTS[lot],
            "strength": strength,
            "strength_ratio": RATIOS.get(strength, "1"),
            "price_ceiling": ceiling,
            "dosage_form": "oral-solid",
        }
        for lot, strengths in CEILINGS.items()
        for strength, ceiling in strengths.items()
    ]


def _volumes() -> list[Row]:
    return [
        {
            "region": region,
            "lot": lot,
            "strength": strength,
            "strength_ratio": RATIOS.get(strength, "1"),
            "base_volume": volume,
        }
        for lot, strengths in BASE.items()
        for strength, volume in strengths.items()
        for region in REGIONS
    ]


def _bids(bidders: Iterable[Bidder]) -> list[Row]:
    rows: list[Row] = []
    for bidder in bidders:
        standing = bidder.standing
        assert standing is not None and standing.bid is not None
        rows += [
            {
                "lot": line.lot,
                "manufacturer": bidder.maker.name,
                "strength": line.strength,
                "declared_price": "",
                "is_originator": 0,
                "pack_units": line.pack_units,
                "pack_price": line.pack_price,
            }
            for line in standing.bid.lines
        ]
    return rows


def _write(file: Path, rows: list[Row]) -> None:
    with file.open("w", encoding="utf-8", newline="") as table:
        writer = csv.DictWriter(table, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)

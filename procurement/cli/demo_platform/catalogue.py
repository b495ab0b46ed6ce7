"""The catalogue of the demo: one product for each strength that a firm of the example bid."""

import csv
import io
from collections.abc import Iterator

from bidding.bid_sheet import Bid
from procurement.catalogue.importing import apply_upload, upload_file
from procurement.cli.demo_platform.cast import BUREAU, maker
from procurement.cli.demo_platform.scene import Scene

FORMS = (
    ("口服常释剂型", "片"),
    ("口腔崩解片", "片"),
    ("缓释控释剂型", "粒"),
    ("注射剂", "袋"),
    ("片", "片"),
)
"""Ends of the example's product names: the dosage form, and its minimal unit."""

COLUMNS = (
    *("通用名", "剂型", "最小单位", "规格", "包装数量"),
    *("上市许可持有人", "批准文号", "原研"),
)


def split_product(product: str) -> tuple[str, str, str]:
    """Split a lot's product into generic name, printed dosage form and minimal unit.

    Examples:
        >>> split_product("奥氮平口腔崩解片")
        ('奥氮平', '口腔崩解片', '片')
    """
    for form, unit in FORMS:
        if product.endswith(form):
            return product.removesuffix(form), form, unit
    return product, "", "片"


def import_catalogue(scene: Scene) -> None:
    """Upload the products as a file, look at the preview, and store them."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(_rows(scene))
    officer = scene.actor(BUREAU)
    upload = upload_file(
        scene.session,
        filename="catalogue.csv",
        content=text.getvalue().encode(),
        encoding="utf-8",
        actor=officer,
        moment=scene.moment,
    )
    apply_upload(scene.session, upload_id=upload.id, actor=officer, moment=scene.moment)


def _rows(scene: Scene) -> Iterator[tuple[str, ...]]:
    products = {lot.lot: lot.product for lot in scene.example.lots}
    number = 0
    for bid in scene.example.bids:
        name, form, unit = split_product(products[bid.lot])
        for quote in bid.quotes:
            number += 1
            yield (
                *(name, form, unit, quote.strength),
                # The example has prices of single units, and no packs.
                "1",
                scene.organisation(maker(bid.manufacturer)).name,
                _approval_number(number),
                _is_originator(bid),
            )


def _approval_number(number: int) -> str:
    """A number of the right form, in a year that has not come: it is nobody's."""
    return f"国药准字H2099{number:04d}"


def _is_originator(bid: Bid) -> str:
    return "是" if bid.is_originator else "否"

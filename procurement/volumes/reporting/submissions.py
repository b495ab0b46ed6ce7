"""What a submission says, as canonical JSON: kept for ever, its digest printed on the form."""

import json
from collections.abc import Iterable

from procurement.volumes.reporting.plain_lines import AnyLine
from procurement.volumes.tables import VolumeExplanation

LINE_COLUMNS = (
    *("lot_strength", "brand", "demand"),
    *("conversion", "other_strength", "other_quantity", "ratio", "explanation"),
)
"""What the values of a line mean, in order; a line without conversion has the first three."""


def submission_content(lines: Iterable[AnyLine], explanations: Iterable[VolumeExplanation]) -> str:
    """Write down the numbers of a report so that equal reports are equal texts.

    Examples:
        >>> from procurement.volumes.tables import VolumeLine
        >>> line = VolumeLine(lot_strength_id=7, brand_id=None, quantity=5, demand=5)
        >>> submission_content([line], [])
        '{"explanations":[],"lines":[[7,null,5]]}'
    """
    document = {
        "lines": sorted(
            (_line_values(line) for line in lines),
            key=lambda values: (int(values[0] or 0), int(values[1] or 0)),
        ),
        "explanations": sorted(
            [explanation.lot_id, explanation.reason_code, explanation.reason_text]
            for explanation in explanations
        ),
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _line_values(line: AnyLine) -> list[int | str | None]:
    values: list[int | str | None] = [line.lot_strength_id, line.brand_id, line.demand]
    if line.conversion_kind is not None:
        values += [
            str(line.conversion_kind),
            line.other_strength,
            line.other_quantity,
            f"{line.conversion_ratio:f}" if line.conversion_ratio is not None else None,
            line.conversion_text,
        ]
    return values

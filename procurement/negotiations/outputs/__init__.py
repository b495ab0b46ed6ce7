"""What comes out of a negotiation model: pages, a workbook with formulas, a dossier on paper.

A page shows `outputs_of(dossier, …)` by ``templates/negotiations/outputs/parts.html``; files are
`make_workbook` and `print_dossier`.
"""

from procurement.negotiations.outputs.printed import PDF, print_dossier
from procurement.negotiations.outputs.reading import dossier_of
from procurement.negotiations.outputs.shown import Outputs, outputs_of, price_asked
from procurement.negotiations.outputs.workbook import XLSX, make_workbook

__all__ = [
    "PDF",
    "XLSX",
    "Outputs",
    "dossier_of",
    "make_workbook",
    "outputs_of",
    "price_asked",
    "print_dossier",
]

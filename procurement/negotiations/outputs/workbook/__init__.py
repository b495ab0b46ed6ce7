"""A workbook with live formulas: inputs, budget impact, strategies, ceilings, and checks."""

from procurement.negotiations.outputs.workbook.made import XLSX, make_workbook

__all__ = ["XLSX", "make_workbook"]

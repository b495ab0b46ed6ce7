"""The rules of the catalogue: forms of codes and numbers, strengths, dosage forms. All pure."""

from procurement.catalogue.rules.approval import (
    approval_fault,
    has_approval_number,
    normal_approval_number,
)
from procurement.catalogue.rules.cells import plain_text, read_number_cell
from procurement.catalogue.rules.codes import (
    consumable_code_fault,
    drug_code_fault,
    normal_code,
    standard_code_check_digit,
    standard_code_fault,
)
from procurement.catalogue.rules.columns import (
    BY_KEY,
    COLUMNS,
    WORDS,
    YES_NO,
    Column,
    column_of,
)
from procurement.catalogue.rules.facts import (
    ProductFacts,
    generic_product_values,
    read_product,
)
from procurement.catalogue.rules.forms import dosage_form_of_name
from procurement.catalogue.rules.strengths import (
    Amount,
    Strength,
    read_amount,
    read_strength,
    strength_ratio,
)
from procurement.catalogue.rules.wrong import Wrong

__all__ = [
    "BY_KEY",
    "COLUMNS",
    "WORDS",
    "YES_NO",
    "Amount",
    "Column",
    "ProductFacts",
    "Strength",
    "Wrong",
    "approval_fault",
    "column_of",
    "consumable_code_fault",
    "dosage_form_of_name",
    "drug_code_fault",
    "generic_product_values",
    "has_approval_number",
    "normal_approval_number",
    "normal_code",
    "plain_text",
    "read_amount",
    "read_number_cell",
    "read_product",
    "read_strength",
    "standard_code_check_digit",
    "standard_code_fault",
    "strength_ratio",
]

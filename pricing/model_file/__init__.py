"""Model files: reading a negotiation model, and working it out under overrides and scenarios.

A model is a folder with ``model.toml`` and CSV tables, or one ``.toml`` file; its format is in
``docs/negotiation-models.md``. Any number and any cell may be an expression of named parameters.
"""

from pricing.model_file.expressions import Expression, ExpressionError, parse_expression
from pricing.model_file.files import Files
from pricing.model_file.inputs import Input, Uncertain
from pricing.model_file.model import Evaluated, IndicationModel, Model, Negotiated
from pricing.model_file.places import Place
from pricing.model_file.read import parse_model, read_model
from pricing.model_file.uncertain import UncertainParts

__all__ = [
    "Evaluated",
    "Expression",
    "ExpressionError",
    "Files",
    "IndicationModel",
    "Input",
    "Model",
    "Negotiated",
    "Place",
    "Uncertain",
    "UncertainParts",
    "parse_expression",
    "parse_model",
    "read_model",
]

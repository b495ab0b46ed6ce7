"""Runs a model once as it stands: what only the kernels can see is a fault of the file too."""

from pricing.budget_impact import budget_impact
from pricing.faults import ModelError, ModelFaultsError
from pricing.model_file.build_outcome import build_outcome
from pricing.model_file.document import Document
from pricing.model_file.model import Evaluated, Model
from pricing.model_file.outcome_layout import StrategyLayout


def try_out(model: Model, document: Document) -> None:
    """Run the plain model and its scenarios; what the kernels refuse is noted at its place."""
    layout = model.outcome_layout
    for scenario in (None, *model.scenarios):
        evaluated = model.at(scenario=scenario)
        _try_budget(evaluated, document)
        for strategy in layout.strategies if layout is not None else ():
            _try_strategy(evaluated, strategy, document)


def _try_budget(evaluated: Evaluated, document: Document) -> None:
    try:
        if evaluated.budget is not None:
            budget_impact(evaluated.budget)
    except ModelError as error:
        _note(error, document, ("population",))


def _try_strategy(evaluated: Evaluated, strategy: StrategyLayout, document: Document) -> None:
    layout = evaluated.model.outcome_layout
    try:
        if layout is not None:
            build_outcome(layout, strategy, evaluated.values)
    except ModelError as error:
        _note(error, document, ("cost_effectiveness", "strategy", strategy.name))


def _note(error: ModelError, document: Document, around: tuple[str, ...]) -> None:
    if isinstance(error, ModelFaultsError):
        for fault in error.faults:
            place = document.place((*around, *fault.where.split(".")[len(around) :]))
            document.faults.add(place, fault.zh, fault.en)
    else:
        document.faults.add(document.place(around), f"无法计算：{error}", str(error))

"""``[[indication]]``: several models under one price, each in a file beside the model."""

from collections.abc import Callable

from pricing.faults import FaultList, ModelFaultsError, quoted
from pricing.model_file.budget_layout import BudgetLayout
from pricing.model_file.document import Section
from pricing.model_file.files import MODEL_TOML, Files
from pricing.model_file.model import IndicationModel, Model

ONE_DRUG_KEYS = ("constraint", "managed_entry", "elasticity", "combination", "indication")
"""What holds for the one price, and so stands in the model that names the indications."""

Parse = Callable[[Files], Model]


def read_indications(top: Section, parse: Parse) -> tuple[IndicationModel, ...]:
    """Read the models that are named; faults in them carry the name of their file.

    Args:
        top: The top level of the model that names them.
        parse: Reads a whole model from files.
    """
    found: list[IndicationModel] = []
    for section in top.sections("indication"):
        section.check_keys("name", "model")
        name, file = section.text("name"), section.text("model")
        if any(one.name == name for one in found):
            section.fault("name", f"{name} 重复", f"{name} is given twice: expected once")
        elif name and file:
            model = _read(section, file, parse)
            if model is not None:
                found.append(IndicationModel(name, model, file))
    _check_alone(top, found)
    return tuple(found)


def years_of(budget: BudgetLayout | None, indications: tuple[IndicationModel, ...]) -> int | None:
    """Years of a model's budget impact, or of its indications'."""
    layouts = [budget, *(one.model.budget_layout for one in indications)]
    return next((layout.years for layout in layouts if layout is not None), None)


def _read(section: Section, file: str, parse: Parse) -> Model | None:
    files = section.document.files
    if file == MODEL_TOML or not file.endswith(".toml") or file not in files:
        section.fault(
            "model",
            f"没有文件 {quoted(file)}；应为模型旁的另一个 .toml 文件",
            f"there is no {quoted(file)}: expected another .toml file beside the model",
        )
        return None
    section.document.used.add(file)
    # Without itself, so that models which name each other come to an end.
    others = {name: content for name, content in files.items() if name != file}
    try:
        model = parse({**others, MODEL_TOML: files[file]})
    except ModelFaultsError as error:
        _named(error, file, section.faults)
        return None
    section.document.used.update(name for name in model.files if name != MODEL_TOML)
    if model.constraint_templates or model.templates or model.indications:
        words = ", ".join(f"[{key}]" for key in ONE_DRUG_KEYS)
        section.faults.add(
            file,
            f"含有 {words} 之一；应写在 {MODEL_TOML} 中",
            f"has one of {words}: expected them in {MODEL_TOML} only",
        )
    return model


def _named(error: ModelFaultsError, file: str, faults: FaultList) -> None:
    for fault in error.faults:
        place = fault.where.removeprefix(MODEL_TOML)
        where = fault.where if place == fault.where else f"{file}{place}"
        faults.add(where, fault.zh, fault.en)


def _check_alone(top: Section, found: list[IndicationModel]) -> None:
    if not found:
        return
    for key in ("population", "treatment", "cost_effectiveness", "uptake", "fund"):
        if key in top.raw:
            top.fault(
                key,
                "有 [[indication]] 时应写在各适应症的模型中",
                "stands beside [[indication]]: expected it in the indications' models",
            )
    years = {one.model.years for one in found} - {None}
    if len(years) > 1:
        counts = ", ".join(str(year) for year in sorted(filter(None, years)))
        top.fault(
            "indication",
            f"各适应症的年数不同（{counts}）；应相同",
            f"models of {counts} years: expected the same number",
        )

"""A settlement as plain values: the contract of ``jicai settle --json``."""

from collections.abc import Iterator
from decimal import Decimal

from procurement.savings.rules import (
    Completion,
    Parameter,
    SettledGroup,
    SettledHospital,
    SettledLine,
)
from procurement.savings.rules.exact import shown, yuan
from procurement.savings.rules.forecast import base_to_use
from procurement.savings.run import Left, SettledFolder

Document = dict[str, object]


def settlement_document(settled: SettledFolder) -> Document:
    """The settlement: exact decimals as strings, counts as numbers, absent as null."""
    return {
        **summary_document(settled),
        "lines": list(line_documents(settled)),
        "hospitals": list(hospital_documents(settled)),
        "groups": list(group_documents(settled)),
    }


def summary_document(settled: SettledFolder) -> Document:
    """What is not a table: rulebook, parameters, total, and what was left out."""
    rulebook = settled.rules.rulebook
    outside, without = settled.outside_year, settled.without_contract
    return {
        "title": settled.scheme.title or None,
        "rulebook": rulebook.id,
        "rulebook_digest": rulebook.digest,
        "procurement_year": settled.scheme.year_name,
        "parameters": {one.key: _parameter(one) for one in settled.rules.parameters},
        "not_verified": list(settled.rules.unverified),
        "purchase_lines": settled.purchase_lines,
        "left_out": {
            **_left(Left(outside.number + without.number, outside.amount + without.amount)),
            "outside_year": _left(outside),
            "without_contract": _left(without),
        },
        "total": _money(settled.settlement.total),
    }


def line_documents(settled: SettledFolder) -> Iterator[Document]:
    """The lines by hospital, batch and product, each with every factor."""
    return map(_line, settled.settlement.lines)


def hospital_documents(settled: SettledFolder) -> Iterator[Document]:
    """The hospitals by name."""
    return map(_hospital, settled.settlement.hospitals)


def group_documents(settled: SettledFolder) -> Iterator[Document]:
    """The medical groups by name."""
    return map(_group, settled.settlement.groups)


def _line(line: SettledLine) -> Document:
    terms = line.terms
    of_spend = terms.payment_ratio_spend
    return {
        "hospital": terms.hospital,
        "product": terms.product,
        "batch": terms.batch,
        "group": terms.group,
        "base_volume": terms.base_volume,
        "agreed_volume": terms.agreed_volume,
        "price_before": _exact(terms.price_before),
        "winning_price": _exact(terms.winning_price),
        "payment_ratio": _exact(terms.payment_ratio),
        "payment_ratio_spend": _exact(terms.payment_ratio if of_spend is None else of_spend),
        "insured_share": _exact(terms.insured_share),
        "winning_volume": line.use.winning_volume,
        "non_winning_volume": line.use.non_winning_volume,
        "non_winning_amount": _money(line.use.non_winning_amount),
        "budget": _money(line.bases.budget),
        "spend": _money(line.bases.spend),
        "savings_base": _money(line.bases.savings_base),
        "completed": line.completed,
        "completion": _exact(line.completion.share),
        "missing_volume": line.completion.missing,
        "base_to_use": _exact(base_to_use(terms, line.use)),
        "ratio": _exact(line.assessed.ratio),
        "passed": line.assessed.passed,
        "retained": _money(line.retained),
        "nothing_because": list(line.nothing_because),
    }


def _hospital(hospital: SettledHospital) -> Document:
    assessed = hospital.assessed
    return {
        "hospital": hospital.hospital,
        "score": _exact(assessed.score) if assessed else None,
        "grade": assessed.grade if assessed else None,
        "ratio": _exact(assessed.ratio) if assessed else None,
        "passed": assessed.passed if assessed else None,
        "savings_base": _money(hospital.savings_base),
        "retained_exact": _money(hospital.retained_exact),
        "retained": _money(hospital.retained),
        "employee": _money(hospital.employee),
        "resident": _money(hospital.resident),
    }


def _group(group: SettledGroup) -> Document:
    return {
        "group": group.group,
        "hospitals": list(group.hospitals),
        **_completion(group.completion),
        "products": [
            {"batch": batch or None, "product": product, **_completion(completion)}
            for (batch, product), completion in group.products.items()
        ],
        "retained": _money(group.retained),
    }


def _completion(completion: Completion) -> Document:
    return {
        "agreed_volume": completion.agreed_volume,
        "winning_volume": completion.winning_volume,
        "completed": completion.done,
        "completion": _exact(completion.share),
    }


def _parameter(parameter: Parameter) -> Document:
    return {
        "value": _plain(parameter.value),
        "given_by": parameter.given_by,
        "verified": parameter.verified,
    }


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {name: _plain(entry) for name, entry in value.items() if entry is not None}
    return f"{value:f}" if isinstance(value, Decimal) else value


def _left(left: Left) -> Document:
    return {"number": left.number, "amount": _money(yuan(left.amount))}


def _exact(value: Decimal | None) -> str | None:
    return None if value is None else shown(value)


def _money(value: Decimal | None) -> str | None:
    return None if value is None else shown(value, least_decimals=2)

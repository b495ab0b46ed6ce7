"""The contracts section: agreements of three parties, what they cost, and what was paid."""

from decimal import Decimal

from procurement.publication.ocds.rules.facts import (
    AgreedItem,
    ContractFacts,
    Organisation,
    PaymentFacts,
    Roles,
)
from procurement.publication.ocds.rules.json_text import Document
from procurement.publication.ocds.rules.tendering import item_id
from procurement.publication.ocds.rules.values import (
    day_of,
    end_of,
    finite,
    given,
    moment_of,
    reference,
    total,
    value_of,
)


def contract_of(contract: ContractFacts) -> Document:
    """Return an agreement.

    OCDS 1.1 names the parties of a contract nowhere but in its awards: hospital and distributor
    stand in title and description, and among the parties of the release.
    """
    parties = [contract.hospital, contract.supplier]
    distributor = contract.distributor
    if distributor is not None:
        parties.append(distributor)
    payments = [_transaction(one) for one in contract.payments]
    return given(
        id=contract.id,
        awardID=contract.award_id,
        title=" – ".join(one.name for one in parties),
        description=_said_of(contract),
        status=contract.status,
        period=given(startDate=day_of(contract.starts_on), endDate=end_of(contract.ends_on)),
        value=value_of(total_of(contract)),
        items=[_item(one, contract.id) for one in contract.items],
        dateSigned=moment_of(contract.signed_at),
        implementation=given(transactions=payments) or None,
    )


def _said_of(contract: ContractFacts) -> str:
    distributor = contract.distributor
    said = [
        f"buyer {contract.hospital.party_id}",
        f"supplier {contract.supplier.party_id}",
        f"distributor {'-' if distributor is None else distributor.party_id}",
        f"revision {contract.revision}",
        f"awards {' '.join(contract.award_ids)}",
    ]
    return "; ".join(said)


def total_of(contract: ContractFacts) -> Decimal | None:
    """Add up what an agreement is worth at its prices, half up to the cent.

    Returns:
        None where a price is not disclosed or not known.

    Examples:
        >>> from datetime import date
        >>> hospital, maker = Organisation(1, "医院"), Organisation(2, "企业")
        >>> item = AgreedItem("L01", "阿那曲唑片", "1mg", "片", 100, (Decimal("6.97"), 7))
        >>> agreed = ContractFacts(
        ...     id="1", award_id="a", award_ids=["a"], hospital=hospital, supplier=maker,
        ...     distributor=None, status="active", revision=1, starts_on=date(2027, 1, 1),
        ...     ends_on=date(2027, 12, 31), signed_at=None, items=[item],
        ... )
        >>> total_of(agreed)
        Decimal('99.57')
    """
    parts = []
    for item in contract.items:
        if item.unit_price is None:
            return None
        parts.append((*item.unit_price, item.volume))
    return total(parts)


def _item(item: AgreedItem, contract: str) -> Document:
    price = None if item.unit_price is None else finite(*item.unit_price)
    return given(
        id=f"{contract}/{item_id(item.lot, item.strength)}",
        description=f"{item.product} {item.strength}",
        quantity=item.volume,
        unit=given(name=item.unit, value=value_of(price)),
        relatedLot=item.lot,
    )


def _transaction(payment: PaymentFacts) -> Document:
    return given(
        id=payment.id,
        date=day_of(payment.paid_on),
        value=value_of(payment.amount),
        payer=reference(payment.payer),
        payee=reference(payment.payee),
    )


RETURNED = "/returned"
"""Ends the id of a transaction that takes back another one."""


def with_returned_payments(previous: Document, present: Document, *, date: str) -> Document:
    """Take back what was published as paid and is paid no longer: the bank returned it.

    A published transaction cannot be taken away; another one, the other way round, undoes it.

    Args:
        previous: The contract as it was published last.
        present: As it is to be published.
        date: Of the release.

    Examples:
        >>> paid = {"id": "p", "value": {"amount": 5, "currency": "CNY"},
        ...         "payer": {"id": "a"}, "payee": {"id": "b"}}
        >>> before = {"implementation": {"transactions": [paid]}}
        >>> now = with_returned_payments(before, {"id": "c"}, date="2027-01-01T00:00:00Z")
        >>> now["implementation"]["transactions"][0]["id"]
        'p/returned'
        >>> now["implementation"]["transactions"][0]["value"]["amount"]
        -5
    """
    earlier = previous.get("implementation", {}).get("transactions", ())
    stated = present.get("implementation", {}).get("transactions", ())
    known = {one["id"] for one in stated}
    returned = [
        _returned(one, date)
        for one in earlier
        if one["id"] not in known and not one["id"].endswith(RETURNED)
    ]
    if not returned:
        return present
    return {**present, "implementation": {"transactions": [*stated, *returned]}}


def _returned(transaction: Document, date: str) -> Document:
    value = transaction.get("value")
    return given(
        id=f"{transaction['id']}{RETURNED}",
        date=date,
        value=None if value is None else {**value, "amount": -value["amount"]},
        payer=transaction["payee"],
        payee=transaction["payer"],
    )


def parties_of(contract: ContractFacts) -> list[tuple[Organisation, Roles]]:
    """Return who takes part in an agreement, and as what.

    The same in every release, as the last one says what a party is: a payment makes a payer or
    payee only of who is nothing else.
    """
    found: dict[Organisation, Roles] = {
        contract.hospital: ("buyer", "payer"),
        contract.supplier: ("tenderer", "supplier"),
    }
    if contract.distributor is not None:
        found.setdefault(contract.distributor, ("distributor", "payee"))
    for payment in contract.payments:
        found.setdefault(payment.payer, ("payer",))
        found.setdefault(payment.payee, ("payee",))
    return list(found.items())

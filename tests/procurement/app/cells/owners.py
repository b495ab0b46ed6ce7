"""Whose a row is: the organisations, regions and persons that its references lead to."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, ForeignKeyConstraint, select

from procurement.accounts.tables import RelationKind
from procurement.database import metadata
from procurement.permissions import Subject

Key = tuple[object, ...]
Row = Mapping[str, Any]

_PLACES = ("region", "county")


@dataclass
class Parties:
    """What the references of a row lead to.

    Attributes:
        organisations: The row's own, the round's bureau, and whoever acted.
        persons: Whoever acted, and those who were appointed.
        named: Organisations that the rounds and campaigns name.
        regions: Division codes.
    """

    organisations: set[int] = field(default_factory=set)
    persons: set[int] = field(default_factory=set)
    named: set[int] = field(default_factory=set)
    regions: set[str] = field(default_factory=set)


class Owners:
    """All rows of a database, and what they refer to."""

    def __init__(self, engine: Engine) -> None:
        """Read everything once: a scene is small."""
        self.rows: dict[str, dict[Key, Row]] = {}
        with engine.connect() as connection:
            for table in metadata.tables.values():
                rows = connection.execute(select(table)).mappings().all()
                keys = [column.name for column in table.primary_key]
                self.rows[table.name] = {tuple(row[key] for key in keys): dict(row) for row in rows}
        self._leads = {
            row["subject_id"]: row["related_id"]
            for row in self.rows["organisation_relation"].values()
            if row["kind"] == RelationKind.MEMBER_OF_GROUP
        }

    def subjects(self, table: str, key: Key, is_public: Callable[[Row], bool]) -> Iterator[Subject]:
        """What a row may be to the permissions: of each of its parties once.

        More may read it so than the pages let; whoever is no party at all may not.
        """
        parties = self.parties(table, key)
        for one in self._concerned(table, key[0]):
            self._note(parties, "organisation", (one,))
        public = is_public(self.rows[table][key])
        for one in sorted(parties.organisations) or [0]:
            yield Subject(
                organisation_id=one,
                group_lead_id=self._leads.get(one),
                bureau_id=one,
                regions=tuple(sorted(parties.regions)),
                named=frozenset(parties.named),
                is_public=public,
                appointed=frozenset(parties.persons),
            )

    def parties(self, table: str, key: Key) -> Parties:
        """Follow the references of a row to their ends."""
        parties, waiting, seen = Parties(), [(table, key)], set[tuple[str, Key]]()
        while waiting:
            here = waiting.pop()
            if here in seen:
                continue
            seen.add(here)
            self._note(parties, *here)
            # What the organisation itself refers to is not the row's.
            if here[0] != "organisation":
                waiting += self._referred(*here)
        return parties

    def _concerned(self, table: str, key: object) -> set[int]:
        """Parties that refer to a row: whoever reads it for them reads no other's part of it."""
        if table == "savings_settlement":
            return self._of("savings_statement", "settlement_id", key, "hospital_id")
        if table == "ledger_posting":
            accounts = self._of("ledger_entry", "posting_id", key, "account_id")
            return {self.rows["ledger_account"][one,]["owner_id"] for one in accounts}
        return set()

    def _note(self, parties: Parties, table: str, key: Key) -> None:
        row = self.rows[table][key]
        if table == "organisation":
            parties.organisations.add(row["id"])
        elif table == "person":
            parties.persons.add(row["id"])
        elif table == "round":
            parties.named |= self._of("round_participant", "round_id", row["id"], "organisation_id")
        elif table == "negotiation_campaign":
            parties.named |= self._of(
                "negotiation_seat", "campaign_id", row["id"], "organisation_id"
            )
            parties.persons |= self._of("negotiation_member", "campaign_id", row["id"], "person_id")
        parties.regions |= {row[place] for place in _PLACES if row.get(place)}

    def _of(self, table: str, column: str, wanted: object, told: str) -> set[int]:
        return {row[told] for row in self.rows[table].values() if row[column] == wanted}

    def _referred(self, table: str, key: Key) -> Iterator[tuple[str, Key]]:
        row = self.rows[table][key]
        for constraint in metadata.tables[table].foreign_key_constraints:
            wanted = tuple(row[column.name] for column in constraint.columns)
            if None not in wanted:
                yield constraint.referred_table.name, self._key(constraint, wanted)

    def _key(self, constraint: ForeignKeyConstraint, wanted: Key) -> Key:
        names = [element.column.name for element in constraint.elements]
        table = constraint.referred_table
        if names == [column.name for column in table.primary_key]:
            return wanted
        return next(
            key
            for key, row in self.rows[table.name].items()
            if tuple(row[name] for name in names) == wanted
        )

"""The way of every journey: from an empty database to admitted manufacturers."""

from dataclasses import dataclass, replace
from pathlib import Path

from tests.journeys.bureau import (
    draft,
    form_group,
    found_bureau,
    organisations,
    publish,
)
from tests.journeys.keyholders import bind_key, make_key, unseal
from tests.journeys.makers import hand_in_papers
from tests.journeys.people import Somebody, Town
from tests.journeys.reporting import report
from tests.journeys.story import HOLDERS, LEAD, Story
from tests.procurement.accounts.authority import PLAIN, issue, new_root
from tests.procurement.world import credit_code

FIRST_HOSPITAL, FIRST_HOLDER, FIRST_MAKER = 100, 200, 300


@dataclass
class Cast:
    """Everybody in a journey, and the key files that they keep.

    Attributes:
        officer: The first of two.
        second: The other one.
        hospitals: By name.
        holders: By name.
        makers: By name.
        holder_keys: In the order of the seats.
        maker_keys: By name.
    """

    officer: Somebody
    second: Somebody
    hospitals: dict[str, Somebody]
    holders: dict[str, Somebody]
    makers: dict[str, Somebody]
    holder_keys: list[Path]
    maker_keys: dict[str, Path]


def prepare(town: Town, story: Story, folder: Path) -> Cast:
    """Bring a round from an empty database to bidding, with keys bound and papers admitted."""
    officer, second, evaluator = found_bureau(town, story.bureau)
    at_bureau = dict.fromkeys(HOLDERS, story.bureau)
    holders = organisations(town, officer, "keyholder", at_bureau, start=FIRST_HOLDER)
    named = dict(story.hospitals)
    hospitals = organisations(town, officer, "hospital", named, start=FIRST_HOSPITAL)
    form_group(officer, named[LEAD], credit_code(FIRST_HOSPITAL + list(named).index(LEAD)))
    draft(officer, story, holders)
    report(officer, hospitals, story, folder)
    holder_keys = rehearse(officer, story, holders, folder)
    firms = dict.fromkeys(story.makers, story.regions[0])
    makers = organisations(town, officer, "manufacturer", firms, start=FIRST_MAKER)
    publish(officer, second, story)
    maker_keys = admit(evaluator, makers, story, folder)
    return Cast(officer, second, hospitals, holders, makers, holder_keys, maker_keys)


def rehearse(
    officer: Somebody, story: Story, holders: dict[str, Somebody], folder: Path
) -> list[Path]:
    """Seven keyholders make keys; four of them open the rehearsal."""
    files = [make_key(holder, story.at("/keys"), folder) for holder in holders.values()]
    officer.go(story.at("/rehearsal"))
    officer.press("封存演练信封")
    quorum = list(zip(holders.values(), files, strict=True))[:4]
    for count, (holder, file) in enumerate(quorum, start=1):
        unseal(holder, story.at("/rehearsal"), file, shown=f"{count} 方的份额正确")
    officer.go(story.at("/rehearsal"))
    officer.photograph("rehearsal")
    officer.sees("演练信封已经开启")
    return files


def admit(
    evaluator: Somebody, makers: dict[str, Somebody], story: Story, folder: Path
) -> dict[str, Path]:
    """Manufacturers bind keys and hand in papers; the evaluator admits them."""
    root = new_root()
    authorities = folder / "authorities"
    authorities.mkdir(exist_ok=True)
    (authorities / "root.pem").write_bytes(root.pem)
    keys = {}
    for number, (name, maker) in enumerate(makers.items(), start=FIRST_MAKER):
        issuing = replace(PLAIN, credit_code=credit_code(number))
        keys[name] = bind_key(maker, issue(root, name, issuing=issuing), folder)
        hand_in_papers(maker, story.name, folder, valid_until="2030-12-31")
        organisation = maker.organisation.rsplit("/", 1)[1]
        evaluator.go(story.at(f"/papers/{organisation}"))
        evaluator.tick("status", "admitted")
        evaluator.press("记录结果")
    return keys

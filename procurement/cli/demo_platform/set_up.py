"""Setting the demo's platform up, in one transaction: all of it is there, or nothing."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from secrets import token_bytes

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bidding.bid_sheet import Round as Sheet
from bidding.sealing import HolderKey, KeyUse, Manifest, SigningKey, lock_key
from procurement.accounts.tables import Organisation
from procurement.bids.manifests import manifests_of
from procurement.cli.demo_platform.account import Account, draw_password
from procurement.cli.demo_platform.bidding import check_papers, seal_bids
from procurement.cli.demo_platform.cast import BOUND, GROUP_LEAD, HOSPITAL, KEYHOLDERS, maker
from procurement.cli.demo_platform.catalogue import import_catalogue
from procurement.cli.demo_platform.drafting import advance, draft
from procurement.cli.demo_platform.key_folder import Kept, find_kept, keep, new_folder
from procurement.cli.demo_platform.keys import bind_key, new_authority
from procurement.cli.demo_platform.publishing import (
    close_reporting,
    make_keys,
    open_comments,
    publish,
    rehearse,
)
from procurement.cli.demo_platform.register import register_everybody
from procurement.cli.demo_platform.reporting import (
    aggregate_volumes,
    begin,
    import_history,
    report_volumes,
    send,
    split,
)
from procurement.cli.demo_platform.scene import Scene
from procurement.database import snapshot, transaction
from procurement.errors import JicaiError
from procurement.rounds.rules import Timetable
from procurement.rounds.service import find_round
from procurement.rounds.tables import Round, RoundStatus
from procurement.settings import Settings

OPEN_ROUND, REPORTING_ROUND = "demo-bidding", "demo-reporting"

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


class NotEmptyError(JicaiError):
    """The database has organisations that are not the demo's, or the demo's keys are lost."""

    def __init__(self, problem: str) -> None:
        """Keep what was found."""
        super().__init__(f"{problem}: name an empty folder by JICAI_DATA to set up a new one")


@dataclass(frozen=True, slots=True)
class Platform:
    """The platform of the demo.

    Attributes:
        folder: Where the private keys are, and the accounts once more.
        kept: Accounts, rounds and passphrase.
        is_new: It was set up just now.
    """

    folder: Path
    kept: Kept
    is_new: bool


def set_up_platform(engine: Engine, *, settings: Settings, example: Sheet) -> Platform:
    """Set the platform up, or find the one that an earlier run has set up.

    Args:
        engine: An open database.
        settings: With a secret key, see `procurement.settings.with_installation_key`.
        example: The round whose lots, ceilings, volumes and bids are used.

    Returns:
        The platform.

    Raises:
        NotEmptyError: The database belongs to somebody else.
    """
    with snapshot(engine) as session:
        known = _find(session, settings)
    if known is not None:
        return known
    with transaction(engine) as session:
        return _play(session, settings, example)


def _find(session: Session, settings: Settings) -> Platform | None:
    round_ = find_round(session, name=OPEN_ROUND)
    if round_ is not None:
        for row in manifests_of(session, round_id=round_.id):
            found = find_kept(settings.data, manifest=row.digest)
            if found is not None:
                return Platform(*found, is_new=False)
        raise NotEmptyError("the demo's platform is there, but the folder of its keys is not")
    if session.scalar(select(Organisation.id).limit(1)) is not None:
        raise NotEmptyError("the database has organisations, so that no demo is set up in it")
    return None


def _play(session: Session, settings: Settings, example: Sheet) -> Platform:
    firms = list(dict.fromkeys(bid.manufacturer for bid in example.bids))
    organisations, accounts = register_everybody(session, firms=firms)
    scene = Scene(session, settings, example, organisations)
    import_catalogue(scene)
    import_history(scene)
    round_ = _draft_open_round(scene)
    keys = _Keys(dict(enumerate(make_keys(scene, round_), start=1)), _bind_keys(scene))
    passphrase = draw_password()
    with keys.locked(passphrase) as locked:
        manifest = _bring_to_bidding(scene, round_, keys)
        check_papers(scene, round_)
        sealed = seal_bids(scene, round_, manifest, keys.firms)
        _draft_reporting_round(scene)
        files = {file.name: file.content for file in sealed} | {
            name: content.result() for name, content in locked.items()
        }
    kept = Kept(manifest.digest, (OPEN_ROUND, REPORTING_ROUND), passphrase, tuple(accounts))
    # Written before the end of the transaction: nobody is left with accounts and no passwords.
    folder = new_folder(settings.data)
    keep(folder, kept, files)
    return Platform(folder, kept, is_new=True)


@dataclass(frozen=True, slots=True)
class _Keys:
    """Private keys: keyholders' by seat, firms' by name."""

    holders: Mapping[int, HolderKey]
    firms: Mapping[str, SigningKey]

    @contextmanager
    def locked(self, passphrase: str) -> Iterator[Mapping[str, Future[bytes]]]:
        """Lock them into key files meanwhile: stretching a passphrase takes its time on purpose."""
        with ThreadPoolExecutor(max_workers=1) as background:
            yield {
                name: background.submit(
                    lock_key, key, use=use, passphrase=passphrase, random_bytes=token_bytes
                )
                for name, key, use in self._named()
            }

    def _named(self) -> Iterator[tuple[str, HolderKey | SigningKey, KeyUse]]:
        for seat, key in self.holders.items():
            yield f"{KEYHOLDERS[seat - 1].people[0].user}.json", key, KeyUse.HOLDER
        for firm, own in self.firms.items():
            yield f"{maker(firm).people[0].user}.json", own, KeyUse.BIDDER


def _bind_keys(scene: Scene) -> dict[str, SigningKey]:
    authority = new_authority(scene.moment)
    trusted = authority.trusted_in(scene.settings.data)
    return {
        firm: bind_key(scene, maker(firm), authority=authority, authorities=trusted)
        for firm in BOUND
    }


def _draft_open_round(scene: Scene) -> Round:
    start = scene.moment
    return draft(
        scene,
        name=OPEN_ROUND,
        title=f"{scene.example.title}：演示批次",
        timetable=Timetable(
            volume_opens_at=start + timedelta(seconds=1),
            volume_closes_at=start + _HOUR,
            comments_close_at=start + 2 * _HOUR,
            bidding_opens_at=start + 3 * _HOUR,
            closes_at=start + 10 * _DAY,
            opens_at=start + 10 * _DAY + _HOUR,
        ),
    )


def _bring_to_bidding(scene: Scene, round_: Round, keys: _Keys) -> Manifest:
    advance(scene, round_, RoundStatus.VOLUME_REPORTING)
    report_volumes(scene, round_)
    close_reporting(scene, round_)
    aggregate_volumes(scene, round_)
    open_comments(scene, round_)
    rehearse(scene, round_, list(keys.holders.values()))
    return publish(scene, round_)


def _draft_reporting_round(scene: Scene) -> None:
    """A second round, in which hospitals still report and keyholders have to make their keys."""
    start = scene.moment
    round_ = draft(
        scene,
        name=REPORTING_ROUND,
        title=f"{scene.example.title}：报量演示批次",
        timetable=Timetable(
            volume_opens_at=start + timedelta(seconds=1),
            volume_closes_at=start + 7 * _DAY,
            comments_close_at=start + 9 * _DAY,
            bidding_opens_at=start + 14 * _DAY,
            closes_at=start + 20 * _DAY,
            opens_at=start + 20 * _DAY + _HOUR,
        ),
    )
    advance(scene, round_, RoundStatus.VOLUME_REPORTING)
    begin(scene, round_, HOSPITAL)
    led = begin(scene, round_, GROUP_LEAD)
    split(scene, round_, led)
    send(scene, round_, led, GROUP_LEAD)

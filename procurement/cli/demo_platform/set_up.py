"""Setting the demo's platform up, in one transaction: all of it is there, or nothing."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_bytes

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bidding.bid_sheet import Round as Sheet
from bidding.sealing import (
    HolderKey,
    KeyUse,
    Manifest,
    SigningKey,
    lock_key,
    new_holder_key,
    new_signing_key,
)
from procurement.accounts.tables import Organisation
from procurement.bids.keyholders.document_facts import document_facts
from procurement.bids.keyholders.manifests import manifests_of
from procurement.cli.demo_platform import decided
from procurement.cli.demo_platform.account import draw_password
from procurement.cli.demo_platform.bidding import SealedFile, check_papers, seal_bids
from procurement.cli.demo_platform.carrying import carry
from procurement.cli.demo_platform.cast import (
    ADMITTED_FIRMS,
    ALSO_SEALED,
    GROUP_LEAD,
    HOSPITAL,
    KEYHOLDERS,
    REPLACED,
    SEALED,
    UNDER_CHECK,
    maker,
)
from procurement.cli.demo_platform.catalogue import import_catalogue
from procurement.cli.demo_platform.designating import designate
from procurement.cli.demo_platform.drafting import advance, draft
from procurement.cli.demo_platform.key_folder import Kept, find_kept, keep, new_folder
from procurement.cli.demo_platform.keys import SUITE, bind_key, new_authority
from procurement.cli.demo_platform.progress import Progress
from procurement.cli.demo_platform.publishing import (
    close_reporting,
    hand_over,
    open_comments,
    propose_amendment,
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
from procurement.errors import RefusedError
from procurement.rounds.document import later
from procurement.rounds.rules import Timetable
from procurement.rounds.service import find_round
from procurement.rounds.tables import Round, RoundStatus
from procurement.settings import Settings

OPEN_ROUND, REPORTING_ROUND = "demo-bidding", "demo-reporting"

BIDS_TAKEN_MIN, BIDS_TAKEN_TIMES = timedelta(seconds=10), 8
"""How long the round that is decided takes bids: as many times as long as binding the keys took."""

_SECOND, _HOUR, _DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


class NotEmptyError(RefusedError):
    """The database has organisations that are not the demo's, or the demo's keys are lost."""

    def __init__(self, *, zh: str, en: str) -> None:
        """Say what was found, and what to do."""
        super().__init__(
            zh=f"{zh}，未建立演示平台：请用 JICAI_DATA 指定一个空文件夹。",
            en=f"{en}, so that no platform was set up: name an empty folder by JICAI_DATA.",
        )


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


def set_up_platform(
    engine: Engine, *, settings: Settings, example: Sheet, progress: Progress | None = None
) -> Platform:
    """Set the platform up, or find the one that an earlier run has set up.

    Args:
        engine: An open database.
        settings: With a secret key, see `procurement.settings.with_installation_key`.
        example: The round whose lots, ceilings, volumes and bids are used.
        progress: Told how far it is; nobody unless given.

    Returns:
        The platform.

    Raises:
        NotEmptyError: The database belongs to somebody else.
    """
    with snapshot(engine) as session:
        known = _find(session, settings)
    if known is not None:
        return known
    shown = progress or Progress()
    try:
        with transaction(engine) as session:
            return _play(session, settings, example, shown)
    finally:
        shown.end()


def _find(session: Session, settings: Settings) -> Platform | None:
    round_ = find_round(session, name=OPEN_ROUND)
    if round_ is not None:
        for row in manifests_of(session, round_id=round_.id):
            found = find_kept(settings.data, manifest=row.digest)
            if found is not None:
                return Platform(*found, is_new=False)
        raise NotEmptyError(
            zh="演示平台已建立，但其密钥文件夹不在此处",
            en="The demo's platform is there, but the folder of its keys is not",
        )
    if session.scalar(select(Organisation.id).limit(1)) is not None:
        raise NotEmptyError(zh="数据库中已有机构", en="The database has organisations already")
    return None


@dataclass(frozen=True, slots=True)
class _Keys:
    """Private keys: keyholders' of the open round in the order of their seats, firms' by name.

    Those that can still be used in the open round are kept as key files, the others nowhere:
    stretching a passphrase takes more than half a second of a processor.
    """

    holders: Sequence[HolderKey]
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
        for holder, key in zip(KEYHOLDERS, self.holders, strict=True):
            yield f"{holder.people[0].user}.json", key, KeyUse.HOLDER
        for firm in (*ADMITTED_FIRMS, UNDER_CHECK):
            yield f"{maker(firm).people[0].user}.json", self.firms[firm], KeyUse.BIDDER


def _play(session: Session, settings: Settings, example: Sheet, progress: Progress) -> Platform:
    later.install(document_facts)
    passphrase, keys = draw_password(), _new_keys(example)
    with keys.locked(passphrase) as locked:
        progress.next_act()
        organisations, accounts = register_everybody(session, example, progress)
        scene = Scene(session, settings, example, organisations, progress)
        manifest, sealed = _run(scene, keys)
        files = {file.name: file.content for file in sealed} | {
            name: content.result() for name, content in locked.items()
        }
    rounds = (OPEN_ROUND, REPORTING_ROUND, decided.NAME)
    kept = Kept(manifest.digest, rounds, passphrase, tuple(accounts))
    # Written before the end of the transaction: nobody is left with accounts and no passwords.
    folder = new_folder(settings.data)
    keep(folder, kept, files)
    return Platform(folder, kept, is_new=True)


def _run(scene: Scene, keys: _Keys) -> tuple[Manifest, list[SealedFile]]:
    took = _bind_keys(scene, keys)
    scene.progress.next_act()
    import_catalogue(scene)
    import_history(scene)
    bids = decided.play_until_sealed(
        scene,
        holders=_holder_keys(),
        firms=keys.firms,
        lasts=max(BIDS_TAKEN_MIN, took * BIDS_TAKEN_TIMES),
    )
    scene.progress.next_act()
    manifest, sealed = _play_open_round(scene, keys)
    _draft_reporting_round(scene)
    decided.decide(scene, bids)
    scene.progress.next_act()
    carry(scene)
    designate(scene)
    return manifest, [*sealed, *bids.files]


def _play_open_round(scene: Scene, keys: _Keys) -> tuple[Manifest, list[SealedFile]]:
    """The first round, in which bids are taken for some days."""
    round_ = _draft_open_round(scene)
    hand_over(scene, round_, keys.holders)
    advance(scene, round_, RoundStatus.VOLUME_REPORTING)
    report_volumes(scene, round_)
    close_reporting(scene, round_)
    aggregate_volumes(scene, round_)
    open_comments(scene, round_)
    rehearse(scene, round_, keys.holders)
    manifest = publish(scene, round_)
    check_papers(scene, round_, admitted=ADMITTED_FIRMS, waiting=(UNDER_CHECK,))
    bidders = {firm: keys.firms[firm] for firm in (SEALED, REPLACED, ALSO_SEALED)}
    sealed = seal_bids(scene, round_, manifest, bidders)
    propose_amendment(scene, round_)
    return manifest, sealed


def _holder_keys() -> list[HolderKey]:
    return [new_holder_key(SUITE, random_bytes=token_bytes) for _ in KEYHOLDERS]


def _new_keys(example: Sheet) -> _Keys:
    firms = dict.fromkeys(bid.manufacturer for bid in example.bids)
    return _Keys(
        _holder_keys(),
        {firm: new_signing_key(SUITE, random_bytes=token_bytes) for firm in firms},
    )


def _bind_keys(scene: Scene, keys: _Keys) -> timedelta:
    """Bind all signing keys; returns how long that took, which tells how fast the machine is."""
    scene.progress.next_act()
    start = scene.moment
    authority = new_authority(start)
    trusted = authority.trusted_in(scene.settings.data)
    for number, (firm, key) in enumerate(keys.firms.items(), start=1):
        bind_key(scene, maker(firm), key, authority=authority, authorities=trusted)
        scene.progress.part(number, len(keys.firms))
    return scene.moment - start


def _draft_open_round(scene: Scene) -> Round:
    def dated(start: datetime) -> Timetable:
        return Timetable(
            volume_opens_at=start + _SECOND,
            volume_closes_at=start + _HOUR,
            comments_close_at=start + 2 * _HOUR,
            bidding_opens_at=start + 3 * _HOUR,
            closes_at=start + 10 * _DAY,
            opens_at=start + 10 * _DAY + _HOUR,
        )

    return draft(scene, name=OPEN_ROUND, title="药品集中带量采购演示批次一", dated=dated)


def _draft_reporting_round(scene: Scene) -> None:
    """A second round, in which hospitals still report and keyholders have to make their keys."""

    def dated(start: datetime) -> Timetable:
        return Timetable(
            volume_opens_at=start + _SECOND,
            volume_closes_at=start + 7 * _DAY,
            comments_close_at=start + 9 * _DAY,
            bidding_opens_at=start + 14 * _DAY,
            closes_at=start + 20 * _DAY,
            opens_at=start + 20 * _DAY + _HOUR,
        )

    round_ = draft(scene, name=REPORTING_ROUND, title="药品集中带量采购演示批次二", dated=dated)
    advance(scene, round_, RoundStatus.VOLUME_REPORTING)
    begin(scene, round_, HOSPITAL)
    led = begin(scene, round_, GROUP_LEAD)
    split(scene, round_, led)
    send(scene, round_, led, GROUP_LEAD)

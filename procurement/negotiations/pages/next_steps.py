"""Which pages of a dossier somebody works on, by what he may do and where it stands."""

from collections.abc import Collection

from procurement.negotiations.dossiers.filing import WRITABLE
from procurement.negotiations.dossiers.steps import address_of
from procurement.negotiations.kinds import DossierStatus, Part, Track
from procurement.negotiations.subjects import dossier_subject
from procurement.negotiations.tables import Dossier
from procurement.permissions import Action
from procurement.web import Visit

_TALKED = frozenset(
    {
        DossierStatus.SCHEDULED,
        DossierStatus.SEALED,
        DossierStatus.TALKS,
        DossierStatus.AGREED,
        DossierStatus.FAILED,
    }
)
_CALCULATED = frozenset({DossierStatus.ADMITTED, *_TALKED})
_OPINED = frozenset({DossierStatus.PASSED, DossierStatus.DECLINED, *_CALCULATED})
_ENDED = frozenset({DossierStatus.AGREED, DossierStatus.FAILED})

_OWN_PAGES = {Track.RENEWAL: "renewal", Track.NON_EXCLUSIVE: "bidding"}
_PAGES_OF_TALKS = frozenset(
    {
        "renewal",
        "bidding",
        "groups/economics",
        "groups/fund",
        "chair",
        "session",
        "quotes",
        "table",
        "record",
    }
)

Place = tuple[str, str, str, Action, Collection[Part], frozenset[DossierStatus]]

_PLACES: tuple[Place, ...] = (
    ("填写申报材料", "Fill in the dossier", "edit", Action.SUBMIT_DOSSIER, (), frozenset(WRITABLE)),
    ("形式审查和列入谈判", "Formal review and admission", "review", Action.REVIEW_DOSSIER, (),
     frozenset(DossierStatus) - {DossierStatus.DRAFT}),
    ("利益冲突声明", "Declaration of interests", "interest", Action.DECLARE_INTEREST, tuple(Part),
     frozenset(DossierStatus)),
    ("专家评审意见", "Expert opinion", "opinion", Action.SCORE_DOSSIER, (Part.REVIEWER,), _OPINED),
    ("沟通记录", "Talks on record", "talks", Action.READ_DOSSIER, tuple(Part), _OPINED),
    ("药物经济学组测算", "Calculation of the economics group", "groups/economics",
     Action.USE_GROUP_MODEL, (Part.ECONOMICS,), _CALCULATED),
    ("基金测算组测算", "Calculation of the fund group", "groups/fund", Action.USE_GROUP_MODEL,
     (Part.FUND,), _CALCULATED),
    ("合议和封存", "Reconciling and sealing", "chair", Action.RECONCILE_CEILINGS, (Part.CHAIR,),
     _CALCULATED),
    ("续约", "Renewal", "renewal", Action.REVIEW_DOSSIER, (), _CALCULATED),
    ("支付标准的走势", "The standard over the years", "renewal/path", Action.READ_DOSSIER,
     tuple(Part), _CALCULATED),
    ("竞价", "Bidding", "bidding", Action.READ_DOSSIER, tuple(Part), _CALCULATED),
    ("谈判安排", "The session", "session", Action.READ_ENVELOPE, (), _CALCULATED),
    ("谈判（企业）", "The table (manufacturer)", "quotes", Action.QUOTE_PRICE, (), _TALKED),
    ("谈判（医保方）", "The table (bureau)", "table", Action.NEGOTIATE, (Part.NEGOTIATOR,),
     _TALKED),
    ("谈判记录", "Record of the session", "record", Action.READ_SESSION_RECORD, tuple(Part),
     _ENDED),
)  # fmt: skip


def links_of(visit: Visit, dossier: Dossier) -> list[tuple[str, str]]:
    """Return label and address of each page that the visitor works on."""
    found = []
    for zh, en, path, action, parts, statuses in _PLACES:
        if dossier.status not in statuses or not _is_on(Track(dossier.track), path):
            continue
        subject = dossier_subject(visit.session, dossier, parts=parts or tuple(Part))
        if visit.may(action, subject):
            found.append((visit.text(zh, en), f"{address_of(dossier)}/{path}"))
    return found


def _is_on(track: Track, path: str) -> bool:
    """Whether a page belongs to a track: renewals and biddings have no groups and no session."""
    if path == "renewal/path":
        # What is bid for many makers' drug is no agreement that is renewed.
        return track is not Track.NON_EXCLUSIVE
    own = _OWN_PAGES.get(track)
    if own is None:
        return path not in ("renewal", "bidding")
    return path == own or path not in _PAGES_OF_TALKS

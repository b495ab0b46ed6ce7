"""Certificates that their authorities take back after a key was bound."""

import logging
from datetime import datetime

from cryptography import x509
from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.certificates.authorities import Authorities, find_revocation
from procurement.accounts.events import PLATFORM, note
from procurement.accounts.tables import Certificate
from procurement.notices import notify

_LOG = logging.getLogger(__name__)


def note_revocations(session: Session, *, authorities: Authorities, moment: datetime) -> int:
    """End the certificates that stand on a list of revocations; their keys sign no more bids.

    They end now and not on the day that the list states: what was acknowledged in between stays
    acknowledged, and whether it counts is for people to judge. The audit has that day.

    Args:
        session: Session of the caller's transaction.
        authorities: Whom the installation trusts, with their lists.
        moment: Now.

    Returns:
        How many ended.
    """
    ended = 0
    for row in session.scalars(select(Certificate).where(Certificate.revoked_at.is_(None))):
        try:
            certificate = x509.load_pem_x509_certificate(row.certificate.encode())
        except ValueError:
            # One that cannot be read must not keep the others from being looked at.
            _LOG.warning("certificate %s cannot be read", row.id)
            continue
        stated = find_revocation(certificate, authorities)
        if stated is not None and stated <= moment:
            row.revoked_at = moment
            _tell(session, row, stated, moment)
            ended += 1
    session.flush()
    return ended


def _tell(session: Session, row: Certificate, stated: datetime, moment: datetime) -> None:
    subject = f"certificate/{row.fingerprint}"
    note(session, PLATFORM, "note-revocation", subject, moment, revoked_on=stated.isoformat())
    notify(
        session,
        organisation_id=row.organisation_id,
        zh="签发机构已吊销贵单位的证书，其绑定的签名密钥不能再用于申报。请用新证书重新绑定。",
        en="The authority has revoked a certificate of yours: the signing key bound to it signs "
        "no more bids. Bind a key with a new certificate.",
        link=f"/organisations/{row.organisation_id}",
        moment=moment,
        key=f"revoked {row.fingerprint}",
    )

"""Chains of certificates lead to a configured root, step by step, or nowhere."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from procurement.accounts.certificates.authorities import (
    Authorities,
    BadAuthorityError,
    ChainError,
    fingerprint,
    load_certificates,
    read_authorities,
    verify_chain,
)
from procurement.accounts.certificates.signers import is_of, signer_of
from procurement.accounts.tables import Organisation
from tests.procurement.accounts.authority import (
    AUTHORITY,
    DAY,
    PLAIN,
    issue,
    new_key,
    new_root,
    revocation_list,
    trusting,
)
from tests.procurement.world import MOMENT, credit_code

FIRM, CODE = "演示制药有限公司", credit_code(7)
VECTORS = Path(__file__).parent / "vectors"


def chain(holder, authorities, *, moment=MOMENT):
    return verify_chain(
        holder.x509,
        others=[x509.load_der_x509_certificate(each.dump()) for each in holder.above],
        authorities=authorities,
        moment=moment,
    )


@pytest.mark.parametrize("kind", ["rsa", "ecdsa", "ed25519", "sm2"])
def test_authorities_below_a_root_may_issue(kind):
    root = new_root(kind)
    middle = issue(root, "中级机构", issuing=AUTHORITY)
    low = issue(middle, "下级机构", issuing=AUTHORITY)
    firm = issue(low, FIRM)
    found = chain(firm, trusting(root))
    assert [signer_of(each).name for each in found] == [
        FIRM,
        "下级机构",
        "中级机构",
        "测试电子认证机构",
    ]
    # The same with what is between configured and not sent along.
    configured = trusting(root, between=(middle, low))
    assert chain(replace(firm, above=()), configured) == found


def test_an_intermediate_alone_is_not_trusted():
    root = new_root()
    middle = issue(root, "中级机构", issuing=AUTHORITY)
    with pytest.raises(ChainError):
        chain(issue(middle, FIRM), Authorities(intermediates=(middle.x509,)))


def test_a_firm_cannot_issue_certificates():
    root = new_root()
    firm = issue(root, FIRM)
    with pytest.raises(ChainError):
        chain(issue(firm, "另一家"), trusting(root))


def test_an_authority_issues_only_as_deep_as_its_path_allows():
    root = new_root(issuing=replace(AUTHORITY, path_length=1))
    middle = issue(root, "中级机构", issuing=AUTHORITY)
    assert len(chain(issue(middle, FIRM), trusting(root))) == 3
    low = issue(middle, "下级机构", issuing=AUTHORITY)
    with pytest.raises(ChainError):
        chain(issue(low, FIRM), trusting(root))


def test_an_authority_needs_the_right_to_sign_certificates():
    root = new_root()
    middle = issue(root, "中级机构", issuing=replace(AUTHORITY, usage=frozenset({"crl_sign"})))
    with pytest.raises(ChainError):
        chain(issue(middle, FIRM), trusting(root))


@pytest.mark.parametrize("moment", [MOMENT - 40 * DAY, MOMENT + 20 * DAY])
def test_every_certificate_of_a_chain_must_be_valid_at_that_moment(moment):
    root = new_root(issuing=replace(AUTHORITY, since=MOMENT - 400 * DAY))
    middle = issue(root, "中级机构", issuing=replace(AUTHORITY, until=MOMENT + 10 * DAY))
    firm = issue(middle, FIRM, issuing=replace(PLAIN, since=MOMENT - 400 * DAY))
    assert chain(firm, trusting(root))
    with pytest.raises(ChainError):
        chain(firm, trusting(root), moment=moment)


@pytest.mark.parametrize(
    "issuing",
    [
        replace(PLAIN, critical_oddity=True),
        replace(PLAIN, usage=frozenset({"key_encipherment"})),
        replace(PLAIN, extended=("server_auth",)),
        replace(PLAIN, extended=("time_stamping",)),
    ],
    ids=["unknown-critical", "encryption", "server", "time-stamping"],
)
def test_certificates_for_other_uses_are_refused(issuing):
    root = new_root()
    with pytest.raises(ChainError):
        chain(issue(root, FIRM, issuing=issuing), trusting(root))


def test_authorities_that_certify_each_other_do_not_lead_anywhere():
    one, other = new_root(name="甲机构"), new_root(name="乙机构")
    crossed = [
        issue(one, "乙机构", issuing=AUTHORITY, key=other.key),
        issue(other, "甲机构", issuing=AUTHORITY, key=one.key),
    ]
    firm = issue(one, FIRM)
    with pytest.raises(ChainError):
        verify_chain(
            firm.x509,
            others=[each.x509 for each in crossed],
            authorities=trusting(new_root(name="丙机构")),
            moment=MOMENT,
        )
    found = verify_chain(
        firm.x509,
        others=[each.x509 for each in crossed],
        authorities=trusting(other),
        moment=MOMENT,
    )
    assert len(found) == 3


def test_a_flood_of_certificates_is_refused():
    root = new_root()
    others = [issue(root, f"机构 {n}", issuing=AUTHORITY).x509 for n in range(9)]
    with pytest.raises(ChainError, match="Too many"):
        verify_chain(
            issue(root, FIRM).x509, others=others, authorities=trusting(root), moment=MOMENT
        )


def test_a_revoked_certificate_is_refused_from_its_revocation_on():
    root = new_root("ecdsa")
    firm = issue(root, FIRM)
    listed = revocation_list(root, firm, MOMENT - DAY)
    signed = listed.sign(root.key.private, hashes.SHA256())
    forged = listed.sign(new_key("ecdsa").private, hashes.SHA256())
    trusted = trusting(root)
    with pytest.raises(ChainError, match="revoked"):
        chain(firm, replace(trusted, revocations=(signed,)))
    assert chain(firm, replace(trusted, revocations=(signed,)), moment=MOMENT - 2 * DAY)
    assert chain(firm, replace(trusted, revocations=(forged,)))
    assert chain(issue(root, "另一家"), replace(trusted, revocations=(signed,)))


def test_authorities_are_read_from_a_folder(tmp_path):
    root = new_root("ecdsa")
    middle = issue(root, "中级机构", issuing=AUTHORITY)
    (tmp_path / "root.pem").write_bytes(root.pem + new_root().pem)
    (tmp_path / "middle.cer").write_bytes(middle.x509.public_bytes(serialization.Encoding.DER))
    (tmp_path / "notes.txt").write_text("whose these are")
    (tmp_path / "time-stamping").mkdir()
    found = read_authorities(tmp_path)
    assert (len(found.roots), len(found.intermediates)) == (2, 1)
    assert chain(issue(middle, FIRM), found)
    (tmp_path / "broken.crt").write_bytes(b"not a certificate")
    with pytest.raises(BadAuthorityError, match=r"broken\.crt"):
        read_authorities(tmp_path)


def maker(**more):
    return Organisation(name=FIRM, **{"credit_code": CODE, **more})


@pytest.mark.parametrize(
    "issuing",
    [
        replace(PLAIN, credit_code=CODE),
        replace(PLAIN, credit_code=CODE, code_in_extension=True),
        replace(PLAIN, extra={"organizational_unit_name": f"统一社会信用代码:{CODE}"}),
        replace(PLAIN, extra={"serial_number": f"NTRCN-{CODE}"}),
    ],
    ids=["identifier", "extension", "unit", "prefixed"],
)
def test_authorities_write_the_credit_code_in_several_places(issuing):
    signer = signer_of(issue(new_root(), FIRM, issuing=issuing).x509)
    assert signer.credit_codes == {CODE}
    assert is_of(signer, maker())


def test_a_certificate_of_the_same_name_with_another_code_is_somebody_elses():
    issuing = replace(PLAIN, credit_code=credit_code(8))
    assert not is_of(signer_of(issue(new_root(), FIRM, issuing=issuing).x509), maker())
    assert not is_of(signer_of(issue(new_root(), FIRM).x509), maker())


def test_a_code_with_a_wrong_check_character_is_not_taken():
    broken = CODE[:-1] + ("A" if CODE[-1] != "A" else "B")
    issuing = replace(PLAIN, credit_code=broken)
    assert signer_of(issue(new_root(), FIRM, issuing=issuing).x509).credit_codes == frozenset()


def test_an_overseas_organisation_is_known_by_its_name():
    signer = signer_of(issue(new_root(), "Overseas  Pharma LTD").x509)
    assert is_of(signer, Organisation(name="overseas pharma ltd", credit_code=None))
    assert not is_of(signer, Organisation(name="another", credit_code=None))


@pytest.mark.parametrize("name", ["sm2", "rsa"])
def test_certificates_made_by_openssl_are_verified(name):
    root, firm = load_certificates((VECTORS / f"{name}.pem").read_bytes())
    moment = firm.not_valid_before_utc + timedelta(days=1)
    found = verify_chain(firm, others=[], authorities=Authorities(roots=(root,)), moment=moment)
    assert [fingerprint(each) for each in found] == [fingerprint(firm), fingerprint(root)]
    assert "91350100M000100Y43" in signer_of(firm).credit_codes
    with pytest.raises(ChainError):
        verify_chain(
            firm,
            others=[],
            authorities=Authorities(roots=(root,)),
            moment=datetime(2020, 1, 1, tzinfo=UTC),
        )

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bidding.sealing import (
    FormatError,
    KeyFileError,
    KeyUse,
    SealingError,
    lock_key,
    new_holder_key,
    new_signing_key,
    read_key_file,
    suite,
    unlock_holder_key,
    unlock_signing_key,
)
from tests.bidding.sealing.material import dice

WRONG = "七个字不够用，要十二个"
RIGHT = WRONG + "。"
QUICK = {
    "intl-1": suite("intl-1").stretching._replace(passes=1, memory_bytes=8192),
    "sm-1": suite("sm-1").stretching._replace(passes=10),
}


def lock(key, use=KeyUse.HOLDER, passphrase=RIGHT):
    return lock_key(
        key,
        use=use,
        passphrase=passphrase,
        random_bytes=dice("salt"),
        stretching=QUICK[key.suite_name],
    )


HOLDER = new_holder_key("intl-1", random_bytes=dice("holder"))
FILE = lock(HOLDER)


@pytest.mark.parametrize("suite_name", ["intl-1", "sm-1"])
def test_a_key_file_opens_with_its_passphrase_only(suite_name):
    key = new_holder_key(suite_name, random_bytes=dice())
    file = read_key_file(lock(key))
    assert unlock_holder_key(file, passphrase=RIGHT) == key
    assert file.sealing_key == key.sealing_pair.public
    assert file.signing_key == key.signing_key.public
    with pytest.raises(KeyFileError):
        unlock_holder_key(file, passphrase=WRONG)


def test_the_seed_is_not_in_the_file():
    text = FILE + repr(read_key_file(FILE)).encode()
    assert HOLDER.seed not in text
    assert HOLDER.seed.hex().encode() not in text


def test_the_standard_stretching_costs_a_quarter_of_a_gigabyte():
    file = read_key_file(
        lock_key(HOLDER, use=KeyUse.HOLDER, passphrase="p" * 12, random_bytes=dice())
    )
    assert (file.stretching.passes, file.stretching.memory_bytes) == (3, 2**28)
    assert unlock_holder_key(file, passphrase="p" * 12) == HOLDER


@settings(deadline=None, max_examples=200)
@given(st.integers(0, len(FILE) * 8 - 1))
def test_any_flipped_bit_of_a_key_file_is_noticed(bit):
    changed = bytearray(FILE)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealingError):
        unlock_holder_key(read_key_file(bytes(changed)), passphrase=RIGHT)


def test_two_keyboards_spell_one_passphrase():
    key = new_signing_key("intl-1", random_bytes=dice())
    wide, decomposed = "Ｐassphrase é 12", "Passphrase e\u0301 12"
    file = read_key_file(lock(key, KeyUse.BIDDER, wide))
    assert unlock_signing_key(file, passphrase=decomposed) == key


def test_a_short_passphrase_is_refused():
    with pytest.raises(FormatError, match="12 characters"):
        lock(HOLDER, passphrase="p" * 11)


def test_keys_of_holders_and_of_signers_are_not_mixed_up():
    key = new_signing_key("intl-1", random_bytes=dice())
    signer = read_key_file(lock(key, KeyUse.BIDDER))
    assert signer.sealing_key is None
    with pytest.raises(FormatError, match="holder"):
        unlock_holder_key(signer, passphrase=WRONG)
    with pytest.raises(FormatError, match="signs"):
        unlock_signing_key(read_key_file(FILE), passphrase=WRONG)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"passes": 10**9}, "passes"),
        ({"memory_bytes": 2**40}, "memory_bytes"),
        ({"kdf": "md5"}, "kdf"),
        ({"use": "spy"}, "use"),
        ({"salt": "AA=="}, "salt"),
    ],
)
def test_a_hostile_key_file_does_not_block_the_machine(changes, where):
    document = json.loads(FILE) | changes
    with pytest.raises(FormatError, match=where):
        read_key_file(json.dumps(document))

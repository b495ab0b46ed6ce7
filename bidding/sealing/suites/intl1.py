"""Suite ``intl-1``: X25519, XChaCha20-Poly1305, SHA-256, Ed25519, Argon2id, all by libsodium."""

import hashlib

from nacl import bindings, encoding, pwhash
from nacl import hash as nacl_hash
from nacl.exceptions import CryptoError

from bidding.sealing.suites.interface import KeyPair, RandomBytes, Stretching

_BOX_NONCE_SIZE = 24


class Intl1:
    """The default suite; the attributes are explained by `Suite`.

    Examples:
        >>> pair = Intl1().sealing_pair(bytes(32))
        >>> box = Intl1().seal_to(pair.public, message=b"share", random_bytes=lambda n: b"7" * n)
        >>> Intl1().unseal(pair, box=box), len(box)
        (b'share', 53)
    """

    name = "intl-1"
    key_size = 32
    nonce_size = 24
    tag_size = 16
    box_overhead = 48
    sealing_key_size = 32
    signing_key_size = 32
    signature_size = 64
    stretching = Stretching(
        "argon2id-1.3",
        passes=3,
        memory_bytes=256 * 1024 * 1024,
        salt_size=16,
        passes_max=20,
        memory_min=8192,
        memory_max=1024 * 1024 * 1024,
    )

    def hash(self, message: bytes) -> bytes:
        """SHA-256."""
        return hashlib.sha256(message).digest()

    def encrypt(self, key: bytes, *, nonce: bytes, plaintext: bytes, associated: bytes) -> bytes:
        """XChaCha20-Poly1305-IETF: ciphertext, then 16 bytes of tag."""
        return bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(
            plaintext, associated, nonce, key
        )

    def decrypt(
        self, key: bytes, *, nonce: bytes, ciphertext: bytes, associated: bytes
    ) -> bytes | None:
        """The plaintext, or None."""
        sizes = (len(key), len(nonce))
        if sizes != (self.key_size, self.nonce_size) or len(ciphertext) < self.tag_size:
            return None
        try:
            return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
                ciphertext, associated, nonce, key
            )
        except CryptoError:
            return None

    def sealing_pair(self, seed: bytes) -> KeyPair:
        """X25519; the private key is the hash of a label and the seed."""
        private = self.hash(b"jicai-sealing-key-1" + seed)
        return KeyPair(private, bindings.crypto_scalarmult_base(private))

    def signing_pair(self, seed: bytes) -> KeyPair:
        """Ed25519; its own seed is the hash of a label and the seed."""
        private = self.hash(b"jicai-signing-key-1" + seed)
        public, _ = bindings.crypto_sign_seed_keypair(private)
        return KeyPair(private, public)

    def seal_to(self, public: bytes, *, message: bytes, random_bytes: RandomBytes) -> bytes:
        """A sealed box of libsodium (``crypto_box_seal``), from the randomness that is given."""
        ephemeral = random_bytes(32)
        ephemeral_public = bindings.crypto_scalarmult_base(ephemeral)
        nonce = _box_nonce(ephemeral_public, public)
        return ephemeral_public + bindings.crypto_box(message, nonce, public, ephemeral)

    def unseal(self, pair: KeyPair, *, box: bytes) -> bytes | None:
        """The message in a sealed box, or None."""
        if len(box) < self.box_overhead:
            return None
        try:
            return bindings.crypto_box_seal_open(box, pair.public, pair.private)
        except CryptoError:
            return None

    def sign(self, pair: KeyPair, *, message: bytes, random_bytes: RandomBytes) -> bytes:
        """Ed25519, which draws no randomness."""
        return bindings.crypto_sign(message, pair.private + pair.public)[: self.signature_size]

    def verify(self, public: bytes, *, message: bytes, signature: bytes) -> bool:
        """Ed25519 by libsodium, which refuses weak keys and other spellings of a signature."""
        if len(public) != self.signing_key_size or len(signature) != self.signature_size:
            return False
        try:
            bindings.crypto_sign_open(signature + message, public)
        except CryptoError:
            return False
        return True

    def stretch(self, passphrase: bytes, *, salt: bytes, passes: int, memory_bytes: int) -> bytes:
        """Argon2id, one lane."""
        return pwhash.argon2id.kdf(
            self.key_size, passphrase, salt, opslimit=passes, memlimit=memory_bytes
        )

    def is_sealing_key(self, public: bytes) -> bool:
        """Whether X25519 with it gives a secret: the points of small order give none."""
        if len(public) != self.sealing_key_size:
            return False
        try:
            bindings.crypto_scalarmult(self.hash(b"any private key"), public)
        except (CryptoError, RuntimeError):
            return False
        return True


def _box_nonce(ephemeral_public: bytes, public: bytes) -> bytes:
    return nacl_hash.blake2b(
        ephemeral_public + public, digest_size=_BOX_NONCE_SIZE, encoder=encoding.RawEncoder
    )

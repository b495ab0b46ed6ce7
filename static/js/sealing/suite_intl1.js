/* Suite intl-1 by libsodium: X25519, XChaCha20-Poly1305, SHA-256, Ed25519, Argon2id.
   The twin of bidding/sealing/suites/intl1.py; sm-1 is for the command line and card readers. */

import sodium from "../../vendor/libsodium-wrappers.mjs";
import { concat, utf8 } from "./canonical.js";

export const NAME = "intl-1";
export const KEY_SIZE = 32;
export const NONCE_SIZE = 24;
export const SEED_SIZE = 32;
export const STRETCHING = {
  name: "argon2id-1.3", passes: 3, memoryBytes: 256 * 1024 * 1024, saltSize: 16,
};

/** Resolves when libsodium is ready; everything else here is called after it. */
export const ready = sodium.ready;

export function requireSuite(document) {
  if (document.suite !== NAME) throw new Error(`suite: this page knows ${NAME} only`);
}

export function randomBytes(count) {
  return sodium.randombytes_buf(count);
}

export function hash(bytes) {
  return sodium.crypto_hash_sha256(bytes);
}

export function encrypt(key, nonce, plaintext, associated) {
  return sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, associated, null, nonce, key);
}

/** The plaintext; null where key, nonce, ciphertext or associated data do not fit. */
export function decrypt(key, nonce, ciphertext, associated) {
  try {
    return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
      null, ciphertext, associated, nonce, key,
    );
  } catch {
    return null;
  }
}

/** The pair of a seed that shares are sealed to. */
export function sealingPair(seed) {
  const secret = hash(concat(utf8("jicai-sealing-key-1"), seed));
  return { secret, open: sodium.crypto_scalarmult_base(secret) };
}

/** The pair of a seed that signs. */
export function signingPair(seed) {
  const pair = sodium.crypto_sign_seed_keypair(hash(concat(utf8("jicai-signing-key-1"), seed)));
  return { secret: pair.privateKey, open: pair.publicKey };
}

/** Whether X25519 with a key gives a secret: points of small order give none. */
export function isSealingKey(open) {
  try {
    return sodium.crypto_scalarmult(hash(utf8("any private key")), open).some((byte) => byte !== 0);
  } catch {
    return false;
  }
}

export function sealTo(open, message) {
  return sodium.crypto_box_seal(message, open);
}

export function unseal(pair, box) {
  try {
    return sodium.crypto_box_seal_open(box, pair.open, pair.secret);
  } catch {
    return null;
  }
}

export function sign(pair, message) {
  return sodium.crypto_sign_detached(message, pair.secret);
}

export function verify(open, message, signature) {
  try {
    return sodium.crypto_sign_verify_detached(signature, message, open);
  } catch {
    return false;
  }
}

/** A cipher key from a passphrase, on purpose slowly (a second or two). */
export function stretch(passphrase, salt, passes, memoryBytes) {
  return sodium.crypto_pwhash(
    KEY_SIZE, passphrase, salt, passes, memoryBytes, sodium.crypto_pwhash_ALG_ARGON2ID13,
  );
}

/** HMAC-SHA-256, of which the paper words make their PBKDF2. */
export function hmac(key, message) {
  return sodium.crypto_auth_hmacsha256(message, key);
}

export function forget(bytes) {
  sodium.memzero(bytes);
}

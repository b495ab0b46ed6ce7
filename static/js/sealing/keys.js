/* Keys and key files: the twin of bidding/sealing/keys.py and key_file.py. */

import {
  areEqual, canonicalBytes, canonicalText, fromBase64, toBase64, utf8,
} from "./canonical.js";
import { signed } from "./documents.js";
import {
  decrypt, encrypt, NONCE_SIZE, NAME, randomBytes, ready, requireSuite, sealingPair, SEED_SIZE,
  signingPair, stretch, STRETCHING,
} from "./suite_intl1.js";

export const PASSPHRASE_MIN = 12;

/** The whole secret of a keyholder or a bidder: 32 bytes from which all its keys are derived. */
export async function newSeed() {
  await ready;
  return randomBytes(SEED_SIZE);
}

/** The public halves of a seed, Base64: to seal to, and to check signatures with. */
export async function publicKeys(seed) {
  await ready;
  return {
    sealing_key: toBase64(sealingPair(seed).open),
    signing_key: toBase64(signingPair(seed).open),
  };
}

/** Sign a document with a seed's signing key. */
export async function signWith(seed, document) {
  await ready;
  return signed(document, signingPair(seed));
}

/** The key file: the seed under a passphrase; `use` is holder or bidder. */
export async function lockKey(seed, use, passphrase) {
  await ready;
  if ([...passphrase].length < PASSPHRASE_MIN) {
    throw new Error(`passphrase: ${PASSPHRASE_MIN} characters or more`);
  }
  const { sealing_key, signing_key } = await publicKeys(seed);
  const head = {
    type: "key-file/1", suite: NAME, use,
    sealing_key: use === "holder" ? sealing_key : null, signing_key,
    kdf: STRETCHING.name, passes: STRETCHING.passes, memory_bytes: STRETCHING.memoryBytes,
    salt: toBase64(randomBytes(STRETCHING.saltSize)), nonce: toBase64(randomBytes(NONCE_SIZE)),
  };
  const sealed = encrypt(stretched(head, passphrase), fromBase64(head.nonce), seed,
    canonicalBytes(head));
  return canonicalText({ ...head, ciphertext: toBase64(sealed) });
}

function stretched(head, passphrase) {
  return stretch(utf8(passphrase.normalize("NFKC")), fromBase64(head.salt), head.passes,
    head.memory_bytes);
}

/** The seed in a key file; throws KeyFileError where the passphrase is wrong or it was changed. */
export async function unlockKey(text, passphrase, use) {
  await ready;
  const file = parsedKeyFile(text, use);
  const { ciphertext, ...head } = file;
  const seed = decrypt(stretched(head, passphrase), fromBase64(head.nonce), fromBase64(ciphertext),
    canonicalBytes(head));
  if (seed === null) throw new KeyFileError("passphrase");
  const known = signingPair(seed).open;
  if (!areEqual(known, fromBase64(head.signing_key))) throw new KeyFileError("passphrase");
  return seed;
}

function parsedKeyFile(text, use) {
  let file;
  try {
    file = JSON.parse(text);
    if (file.type !== "key-file/1") throw new KeyFileError("kind");
    requireSuite(file);
  } catch {
    throw new KeyFileError("kind");
  }
  // Limits, as the file may come from anybody and would otherwise block the machine.
  const bounded = file.passes >= 1 && file.passes <= 20 && file.memory_bytes <= 2 ** 30;
  if (!bounded || file.kdf !== STRETCHING.name) throw new KeyFileError("kind");
  if (file.use !== use) throw new KeyFileError("use");
  return file;
}

/** What is wrong with a key file: `kind` (not one), `use` (somebody else's), `passphrase`. */
export class KeyFileError extends Error {
  constructor(cause) {
    super(`key file: ${cause}`);
    this.name = "KeyFileError";
    this.reason = cause;
  }
}

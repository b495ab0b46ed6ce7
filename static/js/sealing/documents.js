/* Signed documents: the twin of bidding/sealing/signing.py. */

import { canonicalBytes, fromBase64, toBase64, toHex } from "./canonical.js";
import { hash, isSealingKey, requireSuite, sign, verify } from "./suite_intl1.js";

/** A document without its signature: what the signature covers. */
export function unsigned(document) {
  const { signature, ...rest } = document;
  return rest;
}

export function signed(document, pair) {
  return { ...document, signature: toBase64(sign(pair, canonicalBytes(document))) };
}

/** Throws unless the owner of the key (Base64) signed the document as it is. */
export function checkSignature(document, key, whose) {
  requireSuite(document);
  const fits = typeof document.signature === "string"
    && verify(fromBase64(key), canonicalBytes(unsigned(document)), fromBase64(document.signature));
  if (!fits) throw new SignatureError(document.type, whose);
}

/** The hash of a whole document: what receipts and logs name an envelope by. */
export function digest(document) {
  return toHex(hash(canonicalBytes(document)));
}

/** A manifest's name: the hash of it without the bureau's signature. */
export function manifestDigest(manifest) {
  return digest(unsigned(manifest));
}

/** Throws unless the manifest is signed by its bureau and can be sealed under. */
export function checkManifest(manifest, bureauKey = manifest.bureau_key) {
  if (manifest.type !== "manifest/1") throw new Error("manifest: another kind of document");
  checkSignature(manifest, bureauKey, "the bureau");
  const seats = manifest.holders.map((holder) => holder.seat);
  const inOrder = seats.every((seat, index) => seat === index + 1);
  if (!inOrder || manifest.threshold < 2 || manifest.threshold >= seats.length) {
    throw new Error("manifest: two keys or more of at least one holder more than that");
  }
  for (const key of ["sealing_key", "signing_key"]) {
    // One holder on two seats would open with fewer people than the manifest says.
    const keys = new Set(manifest.holders.map((holder) => holder[key]));
    if (keys.size !== seats.length) throw new Error(`manifest: a ${key} of its own for every holder`);
  }
  if (!manifest.holders.every((holder) => isSealingKey(fromBase64(holder.sealing_key)))) {
    throw new Error("manifest: a sound sealing_key for every holder");
  }
  const isRehearsal = manifest.purpose === "rehearsal";
  if (manifest.round.startsWith("rehearsal:") !== isRehearsal) {
    throw new Error("manifest: rehearsal: before the name of a rehearsal");
  }
}

export class SignatureError extends Error {
  constructor(kind, whose) {
    super(`${kind}: not signed by ${whose}, or changed since`);
    this.name = "SignatureError";
  }
}

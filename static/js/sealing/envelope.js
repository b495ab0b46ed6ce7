/* Sealing a bid in the browser: the twin of bidding/sealing/sealing.py. Prices stay in this page. */

import { checkContent, checkWho } from "./bid.js";
import { areEqual, canonicalBytes, concat, fromBase64, pad, toBase64, toHex, utf8 } from "./canonical.js";
import { checkManifest, digest, manifestDigest, signed } from "./documents.js";
import { combineShares, placeOf, splitSecret } from "./shamir.js";
import {
  decrypt, encrypt, hash, KEY_SIZE, NONCE_SIZE, randomBytes, ready, sealTo, signingPair,
} from "./suite_intl1.js";

const CONTENT_NONCE_SIZE = 16;

export function associatedData(manifest, bidder, version) {
  return utf8(`${manifest.round}|${bidder}|${version}|${manifestDigest(manifest)}`);
}

/** What stands in front of a share in its box, so that it serves this envelope only. */
export function shareContext(manifest, bidder, version, seat) {
  return hash(concat(utf8(`jicai-share-1|${seat}|`), associatedData(manifest, bidder, version)));
}

/**
 * Seal a bid.
 * @param manifest As the server sent it; its signature is checked here.
 * @param content `{lines: [{lot, strength, declared_price | pack_units, pack_price, …}], answers: []}`,
 *   prices as decimal strings in one spelling (see isPrice in bid.js).
 * @param who `{bidder, version, replaces, seed}`: seed = the bidder's signing seed.
 * @throws ContentError before anything is sealed, where the content does not fit the manifest.
 * @returns `{envelope, secret}`: what is submitted, and the receipt secret, which only the bidder keeps.
 */
export async function sealBid(manifest, content, { bidder, version, replaces = null, seed }) {
  await ready;
  checkManifest(manifest);
  checkWho({ bidder, version, replaces });
  checkContent(manifest, content);
  const plaintext = pad(canonicalBytes({
    type: "bid/1", round: manifest.round, bidder, version,
    nonce: toBase64(randomBytes(CONTENT_NONCE_SIZE)),
    lines: content.lines ?? [], answers: content.answers ?? [],
  }));
  const contentKey = randomBytes(KEY_SIZE);
  const nonce = randomBytes(NONCE_SIZE);
  const associated = associatedData(manifest, bidder, version);
  const ciphertext = encrypt(contentKey, nonce, plaintext, associated);
  const shares = await splitSecret(contentKey, manifest.holders.length, manifest.threshold);
  await checkOpens(manifest, shares, { contentKey, nonce, ciphertext, associated, plaintext });
  const pair = signingPair(seed);
  const envelope = signed({
    type: "envelope/1", suite: manifest.suite, round: manifest.round,
    manifest: manifestDigest(manifest), bidder, version, replaces,
    nonce: toBase64(nonce),
    ciphertext: toBase64(ciphertext),
    plaintext_hash: toHex(hash(plaintext)),
    key_hash: toHex(hash(contentKey)),
    shares: sealShares(manifest, shares, bidder, version),
    bidder_key: toBase64(pair.open),
  }, pair);
  return { envelope, secret: receiptSecret(envelope, contentKey) };
}

/** Open what is about to be submitted, as the holders will: nobody could mend it afterwards. */
async function checkOpens(manifest, shares, { contentKey, nonce, ciphertext, associated, plaintext }) {
  const key = await combineShares(shares.slice(-manifest.threshold));
  const opened = decrypt(key, nonce, ciphertext, associated);
  if (!areEqual(key, contentKey) || opened === null || !areEqual(opened, plaintext)) {
    throw new Error("envelope: does not open again; this browser computes wrongly");
  }
}

function sealShares(manifest, shares, bidder, version) {
  return manifest.holders.map((holder, index) => {
    const share = shares[index];
    const context = shareContext(manifest, bidder, version, holder.seat);
    const key = fromBase64(holder.sealing_key);
    return {
      seat: holder.seat, place: placeOf(share),
      box: toBase64(sealTo(key, concat(context, share))),
      share_hash: toHex(hash(share)),
    };
  });
}

function receiptSecret(envelope, contentKey) {
  return {
    type: "receipt-secret/1", suite: envelope.suite, round: envelope.round,
    manifest: envelope.manifest, bidder: envelope.bidder, version: envelope.version,
    envelope: digest(envelope), content_key: toBase64(contentKey),
  };
}

/** Take a bid back: a signed leaf that names the one withdrawn (its digest in `replaces`). */
export async function sealWithdrawal(manifest, { bidder, version, replaces, seed }) {
  await ready;
  checkManifest(manifest);
  checkWho({ bidder, version, replaces });
  const pair = signingPair(seed);
  return signed({
    type: "withdrawal/1", suite: manifest.suite, round: manifest.round,
    manifest: manifestDigest(manifest), bidder, version, replaces,
    bidder_key: toBase64(pair.open),
  }, pair);
}

/** Reveal the content key of an envelope, where the holders did not reach a quorum. */
export async function revealKey(secret, seed) {
  await ready;
  const { suite, manifest, envelope, content_key } = secret;
  return signed(
    { type: "key-reveal/1", suite, manifest, envelope, content_key }, signingPair(seed),
  );
}

/* A keyholder unseals its own shares: the twin of bidding/sealing/shares.py. */

import { areEqual, fromBase64, toBase64, toHex } from "./canonical.js";
import { checkManifest, digest, manifestDigest, signed } from "./documents.js";
import { shareContext } from "./envelope.js";
import { hash, ready, sealingPair, signingPair, unseal } from "./suite_intl1.js";

/** The share of one seat; null where the box does not open or was made for another envelope. */
export function unsealShare(manifest, envelope, seat, pair) {
  const sealed = envelope.shares.find((share) => share.seat === seat);
  const message = sealed && unseal(pair, fromBase64(sealed.box));
  if (!message) return null;
  const context = shareContext(manifest, envelope.bidder, envelope.version, seat);
  const fits = areEqual(message.slice(0, context.length), context);
  return fits ? message.slice(context.length) : null;
}

/**
 * Unseal all shares of one holder and sign them.
 * @param opensAt The opening time in force (a postponement may have moved the manifest's).
 * @param moment Now, by a clock that the holder trusts.
 * @param onProgress Called with how many envelopes are done.
 */
export async function postShares(
  manifest, envelopes, seat, seed, { moment, opensAt = manifest.opens_at, onProgress = () => {} },
) {
  await ready;
  checkManifest(manifest);
  if (manifest.purpose !== "rehearsal" && moment < new Date(opensAt)) {
    throw new TooEarlyError(opensAt);
  }
  const pair = sealingPair(seed);
  const holder = manifest.holders.find((one) => one.seat === seat);
  if (!holder || !areEqual(fromBase64(holder.sealing_key), pair.open)) throw new WrongKeyError();
  const hashes = {};
  const shares = {};
  const failed = [];
  for (const [index, envelope] of envelopes.entries()) {
    const name = digest(envelope);
    const share = unsealShare(manifest, envelope, seat, pair);
    if (share === null) {
      failed.push(name);
    } else {
      hashes[name] = toHex(hash(share));
      shares[name] = toBase64(share);
    }
    onProgress(index + 1);
    // The page stays alive while hundreds of envelopes are unsealed.
    if (index % 20 === 19) await new Promise((resolve) => { setTimeout(resolve); });
  }
  const posting = signed({
    type: "share-posting/1", suite: manifest.suite, manifest: manifestDigest(manifest), seat,
    hashes, failed,
  }, signingPair(seed));
  return { ...posting, shares };
}

export class TooEarlyError extends Error {
  constructor(opensAt) {
    super(`shares are unsealed from ${opensAt} on`);
    this.name = "TooEarlyError";
    this.opensAt = opensAt;
  }
}

export class WrongKeyError extends Error {
  constructor() {
    super("the key is not the one of this seat");
    this.name = "WrongKeyError";
  }
}

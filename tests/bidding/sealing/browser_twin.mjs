/* Runs the browser's modules under node: one request on standard input, one answer on standard output. */

import { readFileSync } from "node:fs";
import { isPrice } from "../../../static/js/sealing/bid.js";
import { canonicalText, fromBase64, fromHex, toBase64, toHex } from "../../../static/js/sealing/canonical.js";
import { digest, manifestDigest } from "../../../static/js/sealing/documents.js";
import { revealKey, sealBid, sealWithdrawal } from "../../../static/js/sealing/envelope.js";
import { lockKey, publicKeys, unlockKey } from "../../../static/js/sealing/keys.js";
import { postShares } from "../../../static/js/sealing/open.js";
import { seedFromWords, wordsFromSeed } from "../../../static/js/sealing/paper_words.js";
import { ready } from "../../../static/js/sealing/suite_intl1.js";
import { checkReceipt, provesInclusion, rootOfLeaves } from "../../../static/js/sealing/verify.js";

const ACTS = {
  canonical: ({ document }) => canonicalText(document),
  digests: ({ manifest, envelope }) => ({ manifest: manifestDigest(manifest), envelope: digest(envelope) }),
  seal: ({ manifest, content, bidder, version, replaces, seed }) =>
    sealBid(manifest, content, { bidder, version, replaces, seed: fromHex(seed) }),
  withdraw: ({ manifest, bidder, version, replaces, seed }) =>
    sealWithdrawal(manifest, { bidder, version, replaces, seed: fromHex(seed) }),
  reveal: ({ secret, seed }) => revealKey(secret, fromHex(seed)),
  keys: ({ seed }) => publicKeys(fromHex(seed)),
  lock: ({ seed, use, passphrase }) => lockKey(fromHex(seed), use, passphrase),
  unlock: async ({ text, use, passphrase }) => toHex(await unlockKey(text, passphrase, use)),
  words: ({ seed, list }) => wordsFromSeed(fromHex(seed), list),
  seed: ({ words, list }) => toHex(seedFromWords(words, list)),
  post: ({ manifest, envelopes, seat, seed, moment }) =>
    postShares(manifest, envelopes, seat, fromHex(seed), { moment: new Date(moment) }),
  receipt: ({ receipt, manifest, envelope }) => checkReceipt(receipt, manifest, envelope),
  included: ({ proof, checkpoint, envelope }) => provesInclusion(proof, checkpoint, envelope),
  prices: ({ texts }) => texts.map(isPrice),
  root: ({ leaves }) => rootOfLeaves(leaves),
};

await ready;
const { act, ...given } = JSON.parse(readFileSync(0, "utf-8"));
try {
  process.stdout.write(JSON.stringify({ answer: (await ACTS[act](given)) ?? null }));
} catch (error) {
  process.stdout.write(JSON.stringify({ error: `${error.name}: ${error.message}` }));
}

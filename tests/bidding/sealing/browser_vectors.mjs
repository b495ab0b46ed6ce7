/* Checks vectors.json with the browser's modules under node; prints what does not come out. */

import { readFileSync } from "node:fs";
import assert from "node:assert/strict";
import { canonicalText, fromBase64, fromHex, fromUtf8, pad, toHex, unpad, utf8 } from "../../../static/js/sealing/canonical.js";
import { checkManifest, checkSignature, digest, manifestDigest } from "../../../static/js/sealing/documents.js";
import { associatedData, shareContext } from "../../../static/js/sealing/envelope.js";
import { publicKeys, unlockKey } from "../../../static/js/sealing/keys.js";
import { unsealShare } from "../../../static/js/sealing/open.js";
import { seedFromWords } from "../../../static/js/sealing/paper_words.js";
import { combineShares } from "../../../static/js/sealing/shamir.js";
import { decrypt, hash, ready, sealingPair } from "../../../static/js/sealing/suite_intl1.js";
import { checkCheckpoint, checkReceipt, provesInclusion, rootOfLeaves } from "../../../static/js/sealing/verify.js";

const vectors = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const given = vectors.suites["intl-1"];
const { manifest, envelope } = given;
const server = manifest.server_key;

const CHECKS = {
  canonical() {
    for (const [document, text] of vectors.canonical) assert.equal(canonicalText(document), text);
    for (const [size, padded] of vectors.padded_sizes) assert.equal(pad(new Uint8Array(size)).length, padded);
  },
  async shamir() {
    const shares = vectors.shamir.shares.map(fromHex);
    for (const some of [shares.slice(0, 3), shares.slice(2).reverse()]) {
      assert.equal(toHex(await combineShares(some)), vectors.shamir.secret);
    }
  },
  async merkle() {
    const { leaves, roots, inclusion } = vectors.merkle;
    for (const [size, root] of roots.entries()) assert.equal(await rootOfLeaves(leaves.slice(0, size)), root);
    for (const [index, path] of inclusion.entries()) {
      const proof = { envelope: leaves[index], index, size: leaves.length, path };
      const checkpoint = { size: leaves.length, root: roots[leaves.length] };
      assert.ok(await provesInclusion(proof, checkpoint, leaves[index]));
      const other = leaves[(index + 1) % leaves.length];
      assert.ok(!(await provesInclusion({ ...proof, envelope: other }, checkpoint, other)));
    }
  },
  words() {
    const { seed, words } = vectors.paper_words;
    assert.equal(toHex(seedFromWords(words.split(" "))), seed);
  },
  async keys() {
    assert.equal(toHex(hash(utf8(given.hash[0]))), given.hash[1]);
    for (const pair of given.keys) {
      const { sealing_key, signing_key } = await publicKeys(fromHex(pair.seed));
      assert.equal(toHex(fromBase64(sealing_key)), pair.sealing_key);
      assert.equal(toHex(fromBase64(signing_key)), pair.signing_key);
    }
  },
  async keyFile() {
    const seed = await unlockKey(JSON.stringify(given.key_file), given.key_file_passphrase, "holder");
    assert.equal(toHex(seed), given.keys[0].seed);
  },
  documents() {
    checkManifest(manifest);
    assert.equal(manifestDigest(manifest), given.manifest_digest);
    assert.equal(digest(envelope), given.envelope_digest);
    checkSignature(envelope, envelope.bidder_key, "the bidder");
    checkSignature(given.withdrawal, given.withdrawal.bidder_key, "the bidder");
    checkSignature(given.reveal, envelope.bidder_key, "the bidder");
    for (const { shares, ...posting } of given.postings) {
      checkSignature(posting, manifest.holders[posting.seat - 1].signing_key, "the holder");
    }
  },
  async promises() {
    await checkReceipt(given.receipt, manifest, envelope);
    await checkCheckpoint(given.checkpoint, manifest);
    assert.ok(await provesInclusion(given.inclusion, given.checkpoint, given.envelope_digest));
    assert.throws(() => checkSignature({ ...given.receipt, round: "other" }, server, "the server"));
  },
  contexts() {
    const data = associatedData(manifest, envelope.bidder, envelope.version);
    assert.deepEqual(data, utf8(given.associated_data));
    for (const [index, context] of given.share_contexts.entries()) {
      assert.equal(toHex(shareContext(manifest, envelope.bidder, 1, index + 1)), context);
    }
  },
  async opening() {
    for (const [seat, share] of Object.entries(given.shares)) {
      const pair = sealingPair(fromHex(given.keys[Number(seat) - 1].seed));
      assert.equal(toHex(unsealShare(manifest, envelope, Number(seat), pair)), share);
    }
    const key = await combineShares(Object.values(given.shares).map(fromHex));
    assert.equal(toHex(key), given.content_key);
    const data = associatedData(manifest, envelope.bidder, envelope.version);
    const plaintext = decrypt(key, fromBase64(envelope.nonce), fromBase64(envelope.ciphertext), data);
    assert.equal(toHex(hash(plaintext)), envelope.plaintext_hash);
    const bid = JSON.parse(fromUtf8(unpad(plaintext)));
    assert.deepEqual(bid.lines, given.bid.lines);
  },
};

await ready;
const failed = [];
for (const [name, check] of Object.entries(CHECKS)) {
  try {
    await check();
  } catch (error) {
    failed.push(`${name}: ${error.message}`);
  }
}
process.stdout.write(JSON.stringify({ checked: Object.keys(CHECKS).length, failed }));

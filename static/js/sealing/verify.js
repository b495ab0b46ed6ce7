/* Checking receipts and proofs without trusting the server: the twin of receipt.py and merkle.py. */

import { concat, fromHex, toHex } from "./canonical.js";
import { checkSignature, digest, manifestDigest } from "./documents.js";
import { hash, ready } from "./suite_intl1.js";

/** Throws unless the receipt promises, by the server's key, to include this envelope. */
export async function checkReceipt(receipt, manifest, envelope = null) {
  await ready;
  if (receipt.type !== "receipt/1") throw new Error("receipt: another kind of document");
  if (receipt.round !== manifest.round || receipt.manifest !== manifestDigest(manifest)) {
    throw new Error("receipt: of another round");
  }
  if (envelope !== null && receipt.envelope !== digest(envelope)) {
    throw new Error("receipt: of another envelope");
  }
  checkSignature(receipt, manifest.server_key, "the server");
}

/** Throws unless the checkpoint is the server's and of this round. */
export async function checkCheckpoint(checkpoint, manifest) {
  await ready;
  if (checkpoint.type !== "checkpoint/1" || checkpoint.round !== manifest.round) {
    throw new Error("checkpoint: of another round");
  }
  checkSignature(checkpoint, manifest.server_key, "the server");
}

/** Whether a proof leads from an envelope's digest to the root of a checked checkpoint. */
export async function provesInclusion(proof, checkpoint, envelopeDigest) {
  await ready;
  if (proof.envelope !== envelopeDigest || proof.size !== checkpoint.size) return false;
  const root = rootFromInclusion(fromHex(proof.envelope), proof);
  return root !== null && toHex(root) === checkpoint.root;
}

/** The root over a whole list of leaves (digests), to be compared with the checkpoint's. */
export async function rootOfLeaves(leaves) {
  await ready;
  let level = leaves.map((leaf) => leafHash(fromHex(leaf)));
  if (level.length === 0) return toHex(hash(new Uint8Array()));
  // Pairing up and carrying an odd one along gives the tree of RFC 6962.
  while (level.length > 1) {
    const above = [];
    for (let at = 0; at < level.length; at += 2) {
      above.push(at + 1 < level.length ? nodeHash(level[at], level[at + 1]) : level[at]);
    }
    level = above;
  }
  return toHex(level[0]);
}

function leafHash(entry) {
  return hash(concat(new Uint8Array([0]), entry));
}

function nodeHash(left, right) {
  return hash(concat(new Uint8Array([1]), left, right));
}

function rootFromInclusion(entry, { index, size, path }) {
  if (index < 0 || index >= size) return null;
  let [node, last, value] = [index, size - 1, leafHash(entry)];
  for (const sibling of path.map(fromHex)) {
    if (last === 0) return null;
    if (node % 2 === 1 || node === last) {
      value = nodeHash(sibling, value);
      while (node % 2 === 0 && node > 0) [node, last] = [node >> 1, last >> 1];
    } else {
      value = nodeHash(value, sibling);
    }
    [node, last] = [node >> 1, last >> 1];
  }
  return last === 0 ? value : null;
}

/* Checking receipts and proofs without trusting the server: the twin of receipt.py and merkle.py. */

import { concat, fromHex, toHex } from "./canonical.js";
import { checkSignature, digest, manifestDigest } from "./documents.js";
import { hash, ready } from "./suite_intl1.js";

/** Throws unless the receipt promises, by the server's key, to include this envelope. */
export async function checkReceipt(receipt, manifest, envelope = null) {
  await checkAnswer(receipt, manifest, ["receipt/1"], envelope);
}

/** Throws unless the refusal of this envelope is the server's. */
export async function checkRefusal(refusal, manifest, envelope = null) {
  await checkAnswer(refusal, manifest, ["refusal/1"], envelope);
}

async function checkAnswer(answer, manifest, kinds, envelope) {
  await ready;
  if (!kinds.includes(answer.type)) throw new Error("receipt: another kind of document");
  checkOfRound(answer, manifest, "receipt");
  if (envelope !== null && answer.envelope !== digest(envelope)) {
    throw new Error("receipt: of another envelope");
  }
  checkSignature(answer, manifest.server_key, "the server");
}

function checkOfRound(document, manifest, what) {
  const isOfRound = document.round === manifest.round && document.suite === manifest.suite
    && document.manifest === manifestDigest(manifest);
  if (!isOfRound) throw new Error(`${what}: of another round`);
}

/** Throws unless the checkpoint is the server's and of this round, under this manifest. */
export async function checkCheckpoint(checkpoint, manifest) {
  await ready;
  if (checkpoint.type !== "checkpoint/1") throw new Error("checkpoint: another kind of document");
  checkOfRound(checkpoint, manifest, "checkpoint");
  checkSignature(checkpoint, manifest.server_key, "the server");
}

/** Throws unless the leaves of a final log give the root that the server signed. */
export async function checkLog(log, manifest) {
  await checkCheckpoint(log.checkpoint, manifest);
  const { size, root, final } = log.checkpoint;
  if (!final || log.leaves.length !== size || await rootOfLeaves(log.leaves) !== root) {
    throw new Error("log: its leaves do not give the final root");
  }
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

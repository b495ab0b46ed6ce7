/* The Merkle tree of RFC 6962: roots, inclusion and consistency, as RFC 9162 checks them. */

import { concat, fromHex, toHex } from "../sealing/canonical.js";
import { hash } from "../sealing/suite_intl1.js";

const leafHash = (entry) => hash(concat(new Uint8Array([0]), entry));
const nodeHash = (left, right) => hash(concat(new Uint8Array([1]), left, right));

/** The root over a whole list of leaves. */
export function rootOf(leaves) {
  let level = leaves.map((leaf) => leafHash(fromHex(leaf)));
  if (level.length === 0) return toHex(hash(new Uint8Array()));
  while (level.length > 1) {
    const above = [];
    for (let at = 0; at < level.length; at += 2) {
      above.push(at + 1 < level.length ? nodeHash(level[at], level[at + 1]) : level[at]);
    }
    level = above;
  }
  return toHex(level[0]);
}

/** Whether an inclusion proof leads to a checkpoint's root (RFC 9162, 2.1.3.2). */
export function provesInclusion(proof, checkpoint) {
  if (proof.suite !== checkpoint.suite || proof.size !== checkpoint.size) return false;
  let [node, last] = [proof.index, proof.size - 1];
  let value = leafHash(fromHex(proof.envelope));
  for (const sibling of proof.path.map(fromHex)) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      value = nodeHash(sibling, value);
      while (node % 2 === 0 && node > 0) [node, last] = [node >> 1, last >> 1];
    } else {
      value = nodeHash(value, sibling);
    }
    [node, last] = [node >> 1, last >> 1];
  }
  return last === 0 && toHex(value) === checkpoint.root;
}

/** Whether the log of one checkpoint only grew into that of another (RFC 9162, 2.1.4.2). */
export function provesConsistency(proof, older, newer) {
  const isOfBoth = proof.old_size === older.size && proof.size === newer.size
    && proof.suite === older.suite && proof.suite === newer.suite;
  if (!isOfBoth || older.size > newer.size) return false;
  if (older.size === newer.size) return proof.path.length === 0 && older.root === newer.root;
  if (older.size === 0) return proof.path.length === 0 && older.root === rootOf([]);
  const isPowerOfTwo = Number.isInteger(Math.log2(older.size));
  const path = isPowerOfTwo ? [older.root, ...proof.path] : proof.path;
  return path.length > 0 && followsConsistency(path.map(fromHex), older, newer);
}

function followsConsistency(path, older, newer) {
  let [node, last] = [older.size - 1, newer.size - 1];
  while (node % 2 === 1) [node, last] = [node >> 1, last >> 1];
  let [before, after] = [path[0], path[0]];
  for (const sibling of path.slice(1)) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      before = nodeHash(sibling, before);
      after = nodeHash(sibling, after);
      while (node % 2 === 0 && node > 0) [node, last] = [node >> 1, last >> 1];
    } else {
      after = nodeHash(after, sibling);
    }
    [node, last] = [node >> 1, last >> 1];
  }
  return last === 0 && toHex(before) === older.root && toHex(after) === newer.root;
}

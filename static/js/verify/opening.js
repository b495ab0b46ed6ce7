/* Opening repeated from shares or a revealed key: the twin of opening.py, record.py, succession.py. */

import { checkContent } from "../sealing/bid.js";
import {
  areEqual, canonicalBytes, concat, fromBase64, toHex, unpad, utf8,
} from "../sealing/canonical.js";
import { checkSignature, digest, manifestDigest } from "../sealing/documents.js";
import { decrypt, hash } from "../sealing/suite_intl1.js";
import { must } from "./finding.js";
import { checkOf, isOf } from "./ground.js";
import { readContent } from "./kinds.js";
import { rootOf } from "./merkle.js";
import { valuesAt } from "./shamir.js";

const hashOf = (bytes) => toHex(hash(bytes));

/** Throws unless the submission belongs to the manifest and its bidder signed it. */
export function checkSubmission(submission, manifest) {
  checkOf(submission, manifest);
  must((submission.version === 1) === (submission.replaces === null),
    "envelope.replaces: expected nothing in version 1, a digest from version 2 on");
  if (submission.type === "envelope/1") {
    const seats = submission.shares.map((one) => one.seat);
    must(JSON.stringify(seats) === JSON.stringify(manifest.holders.map((one) => one.seat)),
      "envelope.shares: expected one share for each holder, by seat");
    must(new Set(submission.shares.map((one) => one.place)).size === seats.length,
      "envelope.shares: expected a place of its own for every share");
  }
  checkSignature(submission, submission.bidder_key, "the bidder");
}

/** Throws unless the holder of the seat signed the posting and its shares. */
export function checkPosting(posting, manifest) {
  const isThis = posting.suite === manifest.suite && posting.manifest === manifestDigest(manifest);
  must(isThis, "posting.manifest: expected suite and digest of this manifest");
  const holder = manifest.holders.find((one) => one.seat === posting.seat);
  must(holder !== undefined, "posting.seat: expected a seat of the manifest");
  const { shares, ...signed } = posting;
  checkSignature(signed, holder.signing_key, `the holder of seat ${posting.seat}`);
  for (const [envelope, share] of Object.entries(shares)) {
    must(posting.hashes[envelope] === hashOf(fromBase64(share)),
      "posting.shares: expected the shares that were signed");
  }
}

/** Throws unless the bidder revealed the key of its envelope. */
export function checkReveal(reveal, envelope) {
  const isThis = reveal.suite === envelope.suite && reveal.manifest === envelope.manifest
    && reveal.envelope === digest(envelope);
  must(isThis, "reveal.envelope: expected suite, manifest and digest of the envelope");
  must(hashOf(fromBase64(reveal.content_key)) === envelope.key_hash,
    "reveal.content_key: expected the key whose hash the envelope carries");
  checkSignature(reveal, envelope.bidder_key, "the bidder");
}

/** Each bidder's last leaf, unless it is a withdrawal, in the log's order. */
function standing(submissions) {
  const last = new Map();
  for (const one of submissions) {
    last.delete(one.bidder);
    last.set(one.bidder, one);
  }
  return [...last.values()].filter((one) => one.type === "envelope/1");
}

/** Throws unless repeating the opening gives what the record says. */
export function checkRecord(record) {
  const manifests = new Map(record.manifests.map((one) => [manifestDigest(one), one]));
  checkChain(record.manifests);
  const manifest = record.manifests.at(-1);
  checkOf(record.checkpoint, manifest);
  checkSignature(record.checkpoint, manifest.server_key, "the server");
  must(record.leaves.length === record.checkpoint.size
    && rootOf(record.leaves) === record.checkpoint.root,
  "log.leaves: expected leaves that give the checkpoint's root");
  must(record.checkpoint.final, "opening.checkpoint: expected the final checkpoint");
  checkLeaves(record);
  const named = (one) => {
    must(manifests.has(one.manifest), "manifest: expected one of the round's manifests");
    return manifests.get(one.manifest);
  };
  record.submissions.forEach((one) => checkSubmission(one, named(one)));
  record.postings.forEach((one) => checkPosting(one, named(one)));
  const envelopes = new Map(standing(record.submissions).map((one) => [digest(one), one]));
  for (const reveal of record.reveals) {
    must(envelopes.has(reveal.envelope), "opening.reveals: expected keys of what stood at closing");
    checkReveal(reveal, envelopes.get(reveal.envelope));
  }
  const repeated = [...envelopes].map(
    ([name, envelope]) => open(named(envelope), envelope, name, record),
  );
  must(areEqual(canonicalBytes(repeated), canonicalBytes(record.results)),
    "opening.results: expected what the shares and keys in the record give");
}

function checkChain(manifests) {
  must(manifests.length > 0 && manifests[0].supersedes === null,
    "opening.manifests: expected all of them, from the first one on");
  manifests.slice(1).forEach((newer, index) => {
    must(newer.supersedes === manifestDigest(manifests[index]),
      "opening.manifests: expected each to supersede the one before it");
  });
}

function checkLeaves(record) {
  const places = new Map(record.leaves.map((leaf, place) => [leaf, place]));
  const found = record.submissions.map((one) => places.get(digest(one)) ?? -1);
  const inOrder = found.every((place, at) => place >= 0 && (at === 0 || place > found[at - 1]));
  must(inOrder, "opening.submissions: expected leaves of the log, in its order, each once");
}

function open(manifest, envelope, name, record) {
  const shares = new Map();
  for (const posting of record.postings) {
    if (Object.hasOwn(posting.shares, name)) {
      shares.set(posting.seat, fromBase64(posting.shares[name]));
    }
  }
  const opened = openByShares(manifest, envelope, name, shares);
  const reveal = record.reveals.findLast((one) => one.envelope === name);
  if (opened.verdict !== "quorum-missing" || !reveal) return opened;
  return { ...opened, ...openByKey(manifest, envelope, fromBase64(reveal.content_key)) };
}

function openByShares(manifest, envelope, name, shares) {
  const hashes = new Map(envelope.shares.map((one) => [one.seat, one.share_hash]));
  const seats = [...shares.keys()].sort((left, right) => left - right);
  const right = seats.filter((seat) => hashOf(shares.get(seat)) === hashes.get(seat));
  const result = {
    envelope: name, bidder: envelope.bidder, version: envelope.version,
    verdict: "quorum-missing", fault: null,
    wrong_seats: seats.filter((seat) => !right.includes(seat)),
    missing_seats: [...hashes.keys()].filter((seat) => !shares.has(seat)).sort((a, b) => a - b),
    bid: null,
  };
  if (right.length < manifest.threshold) return result;
  const quorum = right.slice(0, manifest.threshold).map((seat) => shares.get(seat));
  if (!areConsistent(envelope, quorum)) return { ...result, ...atFault("shares-inconsistent") };
  return { ...result, ...openByKey(manifest, envelope, valuesAt(quorum, 0)) };
}

const atFault = (fault) => ({ verdict: "bidder-fault", fault, bid: null });

function areConsistent(envelope, quorum) {
  try {
    return envelope.shares.every(({ place, share_hash: expected }) => {
      const share = concat(valuesAt(quorum, place), new Uint8Array([place]));
      return hashOf(share) === expected;
    });
  } catch {
    return false;
  }
}

function openByKey(manifest, envelope, key) {
  if (hashOf(key) !== envelope.key_hash) return atFault("key-hash");
  const associated = utf8(
    `${manifest.round}|${envelope.bidder}|${envelope.version}|${manifestDigest(manifest)}`,
  );
  const plaintext = decrypt(
    key, fromBase64(envelope.nonce), fromBase64(envelope.ciphertext), associated,
  );
  if (plaintext === null) return atFault("cipher");
  if (hashOf(plaintext) !== envelope.plaintext_hash) return atFault("plaintext-hash");
  try {
    const { lines, answers, round, bidder, version } = readContent(unpad(plaintext));
    must(round === envelope.round && bidder === envelope.bidder && version === envelope.version
      && isOf(envelope, manifest), "bid: expected round, bidder and version of the envelope");
    checkContent(manifest, { lines, answers });
    return { verdict: "opened", fault: null, bid: { lines, answers } };
  } catch {
    return atFault("content");
  }
}

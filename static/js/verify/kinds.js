/* The kinds of documents, each with its shape; all of suite intl-1. */

import { FormatError } from "./shapes.js";
import {
  anyText, binary, byDigest, decimal, digest, flag, list, moment, name, object, optional, parse,
  price, text, whole, word,
} from "./shapes.js";

const SUITE = "intl-1";
const KEY = binary(32);
const SIGNATURE = binary(64);
const TAG_SIZE = 16;
const STEP = 1024;
const SIZE_MAX = 10 ** 6;
const HOLDERS_MAX = 20;
const VERSION_MAX = 10 ** 6;

const head = (kind) => ({ type: word(kind), suite: word(SUITE) });
const ofRound = (kind) => ({ ...head(kind), round: text(), manifest: digest });

const strength = object({ strength: text(), price_ceiling: optional(price) });
const holder = object({
  seat: whole(1, HOLDERS_MAX), organisation: text(), sealing_key: KEY, signing_key: KEY,
});
const manifest = object({
  ...head("manifest/1"), round: name, purpose: word("bids", "answers", "rehearsal"),
  rulebook: text(), rulebook_digest: digest, document_digest: digest,
  lots: list(object({ lot: text(), product: text(), strengths: list(strength) })),
  closes_at: moment, opens_at: moment, outage_shift_minutes: optional(whole(1, 7 * 24 * 60)),
  threshold: whole(2, HOLDERS_MAX), holders: list(holder, HOLDERS_MAX), bureau_key: KEY,
  server_key: KEY, supersedes: optional(digest), signature: SIGNATURE,
});

const BOX = binary(48 + 32 + 33);
const share = object({
  seat: whole(1, HOLDERS_MAX), place: whole(1, 255), box: BOX, share_hash: digest,
});
const sealed = object({
  ...head("envelope/1"), round: name, manifest: digest, bidder: name,
  version: whole(1, VERSION_MAX), replaces: optional(digest), nonce: binary(24),
  ciphertext, plaintext_hash: digest, key_hash: digest, shares: list(share, HOLDERS_MAX),
  bidder_key: KEY, signature: SIGNATURE,
});
const withdrawal = object({
  ...head("withdrawal/1"), round: name, manifest: digest, bidder: name,
  version: whole(2, VERSION_MAX), replaces: digest, bidder_key: KEY, signature: SIGNATURE,
});

function ciphertext(value, where) {
  binary(1, STEP * STEP + TAG_SIZE)(value, where);
  const padded = atob(value).length - TAG_SIZE;
  if (padded <= 0 || padded % STEP) throw new FormatError(where, `steps of ${STEP} bytes and a tag`);
}

function submission(value, where) {
  (value?.type === "withdrawal/1" ? withdrawal : sealed)(value, where);
}

const checkpoint = object({
  ...ofRound("checkpoint/1"), size: whole(0, SIZE_MAX), root: digest, issued_at: moment,
  final: flag, signature: SIGNATURE,
});
const posting = object({
  ...head("share-posting/1"), manifest: digest, seat: whole(1, HOLDERS_MAX),
  hashes: byDigest(digest), failed: list(digest), signature: SIGNATURE,
  shares: byDigest(binary(33)),
});
const reveal = object({
  ...head("key-reveal/1"), manifest: digest, envelope: digest, content_key: KEY,
  signature: SIGNATURE,
});

const line = object({ lot: text(), strength: text() }, {
  declared_price: price, pack_units: whole(1, 10 ** 9), pack_price: price, product: text(),
  capacity: whole(0, 10 ** 15), supplies: list(text(), 200),
});
const answer = object(
  { lot: text(), question: text({ pattern: /^[a-z][a-z-]{0,39}$/ }), answer: flag },
  { price, product: text() },
);
const bid = object({ lines: list(line, 5000), answers: list(answer, 5000) });
const seats = list(whole(1, HOLDERS_MAX), 200);
const result = object({
  envelope: digest, bidder: text(), version: whole(1, VERSION_MAX),
  verdict: word("opened", "bidder-fault", "quorum-missing"),
  fault: optional(word("shares-inconsistent", "key-hash", "cipher", "plaintext-hash", "content")),
  wrong_seats: seats, missing_seats: seats, bid: optional(bid),
});

const ofServer = (kind) => ({ ...ofRound(kind), issued_at: moment, signature: SIGNATURE });
const owner = object({ lot: text(), bid: text(), bidder: text() });
const quote = object({
  strength: text(), declared_price: object({ pack_price: decimal, pack_units: whole(1, 10 ** 9) }),
});
const leftOut = object({ lot: text(), bidder: text(), reason: anyText, quotes: list(quote) });
const given = object({
  lot: text(), bid: text(), question: text(), answer: flag, price: optional(decimal),
  by: word("bidder", "bureau"), manifest: optional(digest), product: optional(text()),
  offered: optional(decimal),
});

const content = object({
  type: word("bid/1"), round: text(), bidder: name, version: whole(1, VERSION_MAX),
  nonce: binary(16), lines: list(line, 5000), answers: list(answer, 5000),
});

/** Read what an envelope held, without its padding. @throws FormatError */
export function readContent(bytes) {
  const document = parse(bytes);
  content(document, "bid");
  document.lines.forEach(checkLine);
  return document;
}

/** By type: the shape of a document. */
export const KINDS = {
  "manifest/1": manifest,
  "envelope/1": sealed,
  "withdrawal/1": withdrawal,
  "receipt/1": object({
    ...ofRound("receipt/1"), envelope: digest, receipt_id: binary(16), received_at: moment,
    signature: SIGNATURE,
  }),
  "refusal/1": object({
    ...ofRound("refusal/1"), envelope: digest, refused_at: moment, signature: SIGNATURE,
    reason: word("late", "withdrawn-round", "stale-manifest"),
  }),
  "receipt-secret/1": object({
    ...ofRound("receipt-secret/1"), bidder: text(), version: whole(1, VERSION_MAX),
    envelope: digest, content_key: KEY,
  }),
  "checkpoint/1": checkpoint,
  "log/1": object({ type: word("log/1"), checkpoint, leaves: list(digest) }),
  "inclusion-proof/1": object({
    ...head("inclusion-proof/1"), envelope: digest, index: whole(0, SIZE_MAX - 1),
    size: whole(1, SIZE_MAX), path: list(digest, 40),
  }),
  "consistency-proof/1": object({
    ...head("consistency-proof/1"), old_size: whole(0, SIZE_MAX), size: whole(0, SIZE_MAX),
    path: list(digest, 40),
  }),
  "postponement/1": object({
    ...ofRound("postponement/1"), closes_at: moment, opens_at: moment, issued_at: moment,
    signature: SIGNATURE,
  }),
  "share-posting/1": posting,
  "key-reveal/1": reveal,
  "opening/1": object({
    type: word("opening/1"), manifests: list(manifest, 100), checkpoint, leaves: list(digest),
    submissions: list(submission), postings: list(posting, 1000), reveals: list(reveal),
    results: list(result),
  }),
  "evidence/1": object({
    ...ofRound("evidence/1"), issued_at: moment, code_version: text(), scope: word("whole", "part"),
    files: list(object({ name: text(), hash: digest }), 100000), signature: SIGNATURE,
  }),
  "rulebook/1": object({
    type: word("rulebook/1"), id: text(), text: anyText, changes: anyText,
  }),
  "sheet/1": object({
    ...ofServer("sheet/1"), rulebook: text(), rulebook_digest: digest, facts: anyText,
    bids: list(owner), left_out: list(leftOut), answers: list(given),
  }),
  "report/1": object({
    ...ofServer("report/1"), text: anyText, digest, rulebook_digest: digest, code_version: text(),
    evaluated_at: moment,
  }),
  "letter/1": object({
    ...ofServer("letter/1"), report: digest, lot: text(), bid: text(), bidder: text(),
    strength: text(), status: text(), clause: text(), rank: optional(whole(1, SIZE_MAX)),
    declared_price: optional(decimal), comparable_price: optional(decimal),
    needed_price: optional(decimal), needed_pack_price: optional(decimal),
  }),
};

/** A document of the other suite, which no page knows. */
export class SuiteError extends Error {
  constructor() {
    super(`suite: this page knows ${SUITE} only; use jicai verify`);
    this.name = "SuiteError";
  }
}

/** Read one document from anybody. @throws FormatError, SuiteError */
export function read(bytes) {
  const document = parse(bytes);
  if ([document?.suite, document?.checkpoint?.suite].includes("sm-1")) throw new SuiteError();
  const shape = KINDS[document?.type];
  if (!Object.hasOwn(KINDS, document?.type ?? "")) {
    throw new FormatError("type", `one of ${Object.keys(KINDS).join(", ")}`);
  }
  shape(document, document.type.split("/")[0]);
  const lines = document.type === "opening/1"
    ? document.results.flatMap((one) => one.bid?.lines ?? []) : [];
  lines.forEach(checkLine);
  if (document.type === "inclusion-proof/1" && document.index >= document.size) {
    throw new FormatError("proof.index", "a number below the size");
  }
  if (document.type === "evidence/1") checkNames(document);
  return document;
}

function checkLine(one) {
  const isPack = one.pack_price !== undefined;
  const together = isPack === (one.pack_units !== undefined);
  if (!together || isPack === (one.declared_price !== undefined)) {
    throw new FormatError("line", "either declared_price or pack_units and pack_price");
  }
}

function checkNames(index) {
  const names = index.files.map((one) => one.name);
  const sorted = [...new Set(names)].sort(byCodePoint);
  if (names.some((one, place) => one !== sorted[place]) || sorted.length !== names.length) {
    throw new FormatError("evidence.files", "each file once, in the order of their names");
  }
}

function byCodePoint(left, right) {
  const [a, b] = [[...left], [...right]];
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    if (a[at] !== b[at]) return a[at].codePointAt(0) - b[at].codePointAt(0);
  }
  return a.length - b.length;
}

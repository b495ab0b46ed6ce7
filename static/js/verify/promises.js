/* Receipts, refusals, proofs and postings: did everyone keep what was signed? */

import { fromBase64, toHex } from "../sealing/canonical.js";
import { checkSignature } from "../sealing/documents.js";
import { hash } from "../sealing/suite_intl1.js";
import { fails, holds, lacking, short, trial, unchecked, withoutManifest } from "./finding.js";
import { checkOf, checkpointName, finalCheckpoints, finalLogs, logKey } from "./ground.js";
import { provesConsistency, provesInclusion, rootOf } from "./merkle.js";
import { checkPosting, checkReveal, checkSubmission } from "./opening.js";

/** Of every two signed checkpoints of a log: whether the one grew into the other. */
export function* growthFindings(ground) {
  const { checkpoints } = ground;
  for (const [at, one] of checkpoints.entries()) {
    for (const other of checkpoints.slice(at + 1)) {
      if (logKey(ground, one.manifest) !== logKey(ground, other.manifest)) continue;
      const isOlder = one.size - other.size || (one.issued_at < other.issued_at ? -1 : 0);
      const [older, newer] = isOlder <= 0 ? [one, other] : [other, one];
      yield grew(ground, older, newer);
    }
  }
}

function grew(ground, older, newer) {
  const about = `${checkpointName(older)} → ${checkpointName(newer)}`;
  if (older.size === newer.size) return oneLog(about, older.root === newer.root);
  if (older.final) {
    return fails(about, [
      "最终检查点之后日志又增加了叶子。", "Leaves were added after the final checkpoint.",
    ], "server");
  }
  const log = ground.logs.find(({ checkpoint }) => checkpoint.signature === newer.signature);
  if (log) return oneLog(about, rootOf(log.leaves.slice(0, older.size)) === older.root);
  const proofs = ground.bundle.of("consistency-proof/1")
    .filter((proof) => proof.old_size === older.size && proof.size === newer.size);
  if (proofs.some((proof) => provesConsistency(proof, older, newer))) return oneLog(about, true);
  if (proofs.length) {
    return fails(about, [
      "一致性证明不成立：请索取全部叶子再核对；平台交不出，即为改写。",
      "The consistency proof fails: ask for all leaves; if the server has none that fit, the log was rewritten.",
    ]);
  }
  return unchecked(about, [
    "未核对：需要一致性证明或全部叶子。", "Not checked: needs a consistency proof or all leaves.",
  ]);
}

function oneLog(about, isSame) {
  if (isSame) return holds(about, ["日志只增不改。", "The log was only added to."]);
  return fails(about, [
    "两个由平台签名的检查点互不相容：日志被改写。",
    "Two checkpoints signed by the server contradict each other: the log was rewritten.",
  ], "server");
}

export function* submissionFindings(ground) {
  const { submissions } = ground.bundle;
  if (submissions.size) {
    yield unchecked("envelopes", [
      "信封以其自带的公钥核对签名；该公钥属于哪家企业，须以证书核对。",
      "Envelopes are checked with the key inside them; whose key it is, a certificate says.",
    ]);
  }
  for (const [name, submission] of submissions) {
    const about = `envelope ${short(name)}`;
    const manifest = ground.manifests.get(submission.manifest);
    yield !manifest ? withoutManifest(about) : trial(about, [
      "签名成立，属于该清单。", "Its signature holds, and it belongs to the manifest.",
    ], () => checkSubmission(submission, manifest));
  }
}

export function* receiptFindings(ground) {
  for (const receipt of ground.bundle.of("receipt/1")) {
    const about = `receipt ${short(receipt.envelope)}`;
    const signed = signedFinding(ground, receipt, about);
    yield signed;
    if (signed.outcome !== "holds") continue;
    yield inTime(ground, receipt, about);
    yield ground.bundle.submissions.has(receipt.envelope)
      ? holds(about, ["信封与回执的哈希一致。", "The envelope has the hash of the receipt."])
      : unchecked(about, [
        "未核对信封：材料中没有哈希与回执一致的信封。",
        "The envelope is not checked: none in the bundle has the receipt's hash.",
      ]);
    yield* kept(ground, receipt, about);
  }
}

function signedFinding(ground, answer, about) {
  const manifest = ground.manifests.get(answer.manifest);
  if (!manifest) return withoutManifest(about);
  return trial(about, [
    "由清单所载平台密钥签名，未被改动。",
    "Signed with the server's key that the manifest names, and not changed since.",
  ], () => {
    checkOf(answer, manifest);
    checkSignature(answer, manifest.server_key, "the server");
  });
}

function inTime(ground, receipt, about) {
  if (receipt.received_at < ground.closings.get(receipt.manifest)) {
    return holds(about, ["收到时间早于截止时间。", "Received before the closing time."]);
  }
  return fails(about, [
    "收到时间不早于截止时间，平台仍出具了回执。",
    "The server gave a receipt although the closing time had come.",
  ], "server");
}

function* kept(ground, receipt, about) {
  const logs = finalLogs(ground, receipt.manifest);
  for (const { leaves } of logs) {
    yield leaves.includes(receipt.envelope)
      ? holds(about, ["信封在最终日志中。", "The envelope stands in the final log."])
      : fails(about, [
        "平台签名承诺收录，最终日志中却没有：平台自己的签名证明其遗漏。",
        "The server promised to include it, and the final log lacks it: the server's own signature convicts it.",
      ], "server");
  }
  const proven = ground.bundle.of("inclusion-proof/1").some((proof) => (
    proof.envelope === receipt.envelope
    && finalCheckpoints(ground, receipt.manifest).some((one) => provesInclusion(proof, one))));
  if (proven) {
    yield holds(about, [
      "包含证明通向最终检查点：承诺已兑现。",
      "The inclusion proof leads to the final checkpoint: the promise was kept.",
    ]);
  } else if (!logs.length) {
    yield unchecked(about, [
      "未核对是否入册：材料中没有最终日志，也没有通向最终检查点的包含证明。",
      "Not checked whether the promise was kept: the bundle has neither the final log nor an inclusion proof to the final checkpoint.",
    ]);
  }
}

export function* refusalFindings(ground) {
  for (const refusal of ground.bundle.of("refusal/1")) {
    const about = `refusal ${short(refusal.envelope)}`;
    const signed = signedFinding(ground, refusal, about);
    yield signed;
    if (signed.outcome !== "holds") continue;
    if (refusal.reason === "late") {
      yield refusal.refused_at < ground.closings.get(refusal.manifest)
        ? fails(about, [
          "以“迟到”为由拒收，但时间早于截止时间。", "Refused as late, before the closing time.",
        ], "server")
        : holds(about, ["拒收时已到截止时间。", "Refused when the closing time had come."]);
    }
    for (const { leaves } of finalLogs(ground, refusal.manifest)) {
      yield leaves.includes(refusal.envelope)
        ? fails(about, [
          "已拒收的信封却出现在最终日志中。", "It was refused, and yet stands in the final log.",
        ], "server")
        : holds(about, ["不在最终日志中。", "It is outside of the final log."]);
    }
  }
}

export function* secretFindings(ground) {
  for (const secret of ground.bundle.of("receipt-secret/1")) {
    const about = `receipt secret ${short(secret.envelope)}`;
    const envelope = envelopeOf(ground, secret);
    if (!envelope) {
      yield withoutEnvelope(about);
    } else if (toHex(hash(fromBase64(secret.content_key))) === envelope.key_hash) {
      yield holds(about, ["内容密钥与信封一致。", "The content key is that of the envelope."]);
    } else {
      yield fails(about, ["内容密钥与信封不一致。", "The content key is of another envelope."]);
    }
  }
  for (const reveal of ground.bundle.of("key-reveal/1")) {
    const about = `key reveal ${short(reveal.envelope)}`;
    const envelope = envelopeOf(ground, reveal);
    yield !envelope ? withoutEnvelope(about) : trial(about, [
      "由申报企业签名，密钥与信封一致。",
      "Signed by the bidder, and the key is that of the envelope.",
    ], () => checkReveal(reveal, envelope));
  }
}

function envelopeOf(ground, { envelope }) {
  const found = ground.bundle.submissions.get(envelope);
  return found?.type === "envelope/1" ? found : null;
}

function withoutEnvelope(about) {
  return lacking(about, [
    "未核对：材料中没有它的信封。", "Not checked: its envelope is not in the bundle.",
  ]);
}

export function* proofFindings(ground) {
  for (const proof of ground.bundle.of("inclusion-proof/1")) {
    const about = `inclusion proof ${short(proof.envelope)}`;
    const sized = ground.checkpoints.filter((one) => one.size === proof.size);
    if (!sized.length) {
      yield lacking(about, [
        "未核对：没有相同大小、签名成立的检查点。",
        "Not checked: there is no checkpoint of its size whose signature holds.",
      ]);
    } else if (sized.some((one) => provesInclusion(proof, one))) {
      yield holds(about, ["通向平台签名的根。", "It leads to the root that the server signed."]);
    } else {
      yield fails(about, [
        "不通向平台签名的根：请索取最终日志的全部叶子再核对。",
        "It does not lead to the root that the server signed: ask for all leaves of the final log.",
      ]);
    }
  }
}

export function* postingFindings(ground) {
  for (const posting of ground.bundle.of("share-posting/1")) {
    const about = `shares of seat ${posting.seat}`;
    const manifest = ground.manifests.get(posting.manifest);
    yield !manifest ? withoutManifest(about) : trial(about, [
      "由该席持有人签名。", "Signed by the holder of that seat.",
    ], () => checkPosting(posting, manifest));
  }
}

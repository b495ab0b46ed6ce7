/* What the other checks stand on: manifests, checkpoints and logs whose signatures hold. */

import { areEqual, canonicalBytes, fromBase64, toHex } from "../sealing/canonical.js";
import { checkManifest, checkSignature, manifestDigest } from "../sealing/documents.js";
import { hash } from "../sealing/suite_intl1.js";
import { fails, holds, must, short, trial, unchecked, withoutManifest } from "./finding.js";
import { rootOf } from "./merkle.js";

/** The documents of a bundle by kind, without repetitions; an opening's parts are taken out too. */
export function sorted(documents) {
  const kept = new Map();
  const add = (document) => {
    const bytes = canonicalBytes(document);
    kept.set(toHex(hash(bytes)), document);
    if (document.type === "log/1") add(document.checkpoint);
    if (document.type === "opening/1") {
      add(document.checkpoint);
      document.manifests.forEach(add);
      document.submissions.forEach(add);
      add({ type: "log/1", checkpoint: document.checkpoint, leaves: document.leaves });
    }
  };
  documents.forEach(add);
  const of = (...types) => [...kept.values()].filter((one) => types.includes(one.type));
  const submissions = new Map();
  for (const [digest, one] of kept) {
    if (["envelope/1", "withdrawal/1"].includes(one.type)) submissions.set(digest, one);
  }
  return { of, submissions };
}

/** Manifest and document agree on suite and round, and the document names the manifest. */
export function isOf(document, manifest) {
  return document.suite === manifest.suite && document.round === manifest.round
    && document.manifest === manifestDigest(manifest);
}

export function checkOf(document, manifest) {
  must(isOf(document, manifest), `${document.type}: expected suite, round and manifest of its round`);
}

function checkShape(manifest) {
  must(manifest.closes_at <= manifest.opens_at, "manifest.opens_at: expected not before closes_at");
  const lots = manifest.lots.map((lot) => lot.lot);
  const isRehearsal = manifest.purpose === "rehearsal";
  must((lots.length === 0) === isRehearsal, "manifest.lots: expected one lot or more");
  must(new Set(lots).size === lots.length, "manifest.lots: expected every lot once");
  for (const lot of manifest.lots) {
    const strengths = lot.strengths.map((one) => one.strength);
    must(strengths.length > 0 && new Set(strengths).size === strengths.length,
      "manifest.lots: expected each strength once");
  }
}

/** Everything that holds, and the findings about it. */
export function findGround(bundle, bureauKey) {
  const ground = { bundle, manifests: new Map(), closings: new Map(), checkpoints: [], logs: [] };
  const findings = [
    ...manifestFindings(ground, bureauKey), ...postponementFindings(ground),
    ...checkpointFindings(ground), ...logFindings(ground),
  ];
  return { ground, findings };
}

function manifestFindings(ground, bureauKey) {
  const manifests = ground.bundle.of("manifest/1");
  const findings = [];
  if (manifests.length && bureauKey === null) {
    findings.push(unchecked("manifest", [
      "未给出联合采购办公室的公钥：只能核对清单自带的公钥，而任何人都可自造一份清单。",
      "The bureau's key was not given: a manifest is checked with the key inside it, which anybody could have put there.",
    ]));
  }
  for (const manifest of manifests) {
    const digest = manifestDigest(manifest);
    const [count, needed] = [manifest.holders.length, manifest.threshold];
    const found = trial(`manifest ${short(digest)}`, [
      `由联合采购办公室签名；${count} 名持有人，须 ${needed} 名共同开启。`,
      `Signed by the bureau; ${needed} of its ${count} holders open together.`,
    ], () => {
      checkShape(manifest);
      checkManifest(manifest, bureauKey ?? manifest.bureau_key);
    });
    findings.push(found);
    if (found.outcome === "holds") {
      ground.manifests.set(digest, manifest);
      ground.closings.set(digest, manifest.closes_at);
    }
  }
  return findings;
}

function postponementFindings(ground) {
  return ground.bundle.of("postponement/1").map((notice) => {
    const about = `postponement ${short(notice.manifest)}`;
    const manifest = ground.manifests.get(notice.manifest);
    if (!manifest) return withoutManifest(about);
    const found = trial(about, [
      "按清单公布的间隔顺延，由平台签名。",
      "Moved by the interval that the manifest publishes, signed by the server.",
    ], () => {
      checkOf(notice, manifest);
      const shift = manifest.outage_shift_minutes;
      must(shift !== null, "postponement: expected a manifest with an outage rule");
      must(notice.closes_at === moved(manifest.closes_at, shift)
        && notice.opens_at === moved(manifest.opens_at, shift), "postponement: expected its interval");
      must(notice.issued_at < notice.closes_at, "postponement.issued_at: expected before closing");
      checkSignature(notice, manifest.server_key, "the server");
    });
    if (found.outcome === "holds") ground.closings.set(notice.manifest, notice.closes_at);
    return found;
  });
}

function moved(moment, minutes) {
  const later = new Date(new Date(`${moment.slice(0, 23)}Z`).getTime() + minutes * 60000);
  return `${later.toISOString().slice(0, 23)}${moment.slice(23)}`;
}

export function checkpointName(checkpoint) {
  const kind = checkpoint.final ? "final checkpoint" : "checkpoint";
  return `${kind} ${short(checkpoint.root)} (size ${checkpoint.size})`;
}

function checkpointFindings(ground) {
  return ground.bundle.of("checkpoint/1").map((checkpoint) => {
    const about = checkpointName(checkpoint);
    const manifest = ground.manifests.get(checkpoint.manifest);
    if (!manifest) return withoutManifest(about);
    const found = trial(about, ["由平台签名。", "Signed by the server."], () => {
      checkOf(checkpoint, manifest);
      checkSignature(checkpoint, manifest.server_key, "the server");
    });
    if (found.outcome === "holds") ground.checkpoints.push(checkpoint);
    return found;
  });
}

const isSame = (one, other) => areEqual(canonicalBytes(one), canonicalBytes(other));

function logFindings(ground) {
  const findings = [];
  for (const log of ground.bundle.of("log/1")) {
    const { checkpoint, leaves } = log;
    if (!ground.checkpoints.some((one) => isSame(one, checkpoint))) continue;
    const about = `log ${short(checkpoint.root)}`;
    if (leaves.length === checkpoint.size && rootOf(leaves) === checkpoint.root) {
      findings.push(holds(about, [
        `${leaves.length} 个叶子得出平台签名的根。`,
        `Its ${leaves.length} leaves give the root that the server signed.`,
      ]));
      ground.logs.push(log);
    } else {
      findings.push(fails(about, [
        "叶子得不出平台签名的根。", "Its leaves do not give the root that the server signed.",
      ]));
    }
  }
  return findings;
}

/** Names the log of a manifest: the bids of a round have one, each sitting of answers another. */
export function logKey(ground, digest) {
  const manifest = ground.manifests.get(digest);
  return !manifest || manifest.purpose === "answers"
    ? digest : JSON.stringify([manifest.suite, manifest.round, manifest.purpose]);
}

export function finalLogs(ground, digest) {
  return ground.logs.filter(({ checkpoint }) => checkpoint.final
    && logKey(ground, checkpoint.manifest) === logKey(ground, digest));
}

export function finalCheckpoints(ground, digest) {
  return ground.checkpoints.filter((one) => one.final
    && logKey(ground, one.manifest) === logKey(ground, digest));
}

/** Whether a statement is the server's: nobody is accused on account of another one. */
export function isSound(ground, statement) {
  const manifest = ground.manifests.get(statement.manifest);
  if (!manifest) return false;
  try {
    checkOf(statement, manifest);
    checkSignature(statement, manifest.server_key, "the server");
  } catch {
    return false;
  }
  return true;
}

/** Base64 of a key that somebody typed; null where he typed none. */
export function bureauKeyOf(typed) {
  const key = typed.trim();
  if (!key) return null;
  must(fromBase64(key).length === 32, "the bureau's public key: expected 32 bytes in Base64");
  return key;
}

/* A whole bundle of files, examined: the twin of bidding/sealing/evidence/{examine,whole}.py.
   Everything but the evaluation itself, which only `jicai verify` repeats. */

import { toHex } from "../sealing/canonical.js";
import { checkSignature, manifestDigest } from "../sealing/documents.js";
import { hash, ready } from "../sealing/suite_intl1.js";
import { decisionFindings, evaluationFindings } from "./decisions.js";
import { fails, holds, must, short, trial, unchecked } from "./finding.js";
import { findGround, isOf, sorted } from "./ground.js";
import { FormatError } from "./shapes.js";
import { read, SuiteError } from "./kinds.js";
import { checkRecord } from "./opening.js";
import {
  growthFindings, postingFindings, proofFindings, receiptFindings, refusalFindings,
  secretFindings, submissionFindings,
} from "./promises.js";

const LIST = "evidence.json";

/**
 * Examine files of which some may be a bundle with its signed list.
 * @param files Map from name to bytes.
 * @param bureauKey Base64, known from elsewhere; null where it is not.
 * @throws FormatError where there is no list, and a file has another form than its kind.
 */
export async function examineFiles(files, bureauKey = null) {
  await ready;
  const list = [...files.keys()].find((name) => name === LIST || name.endsWith(`/${LIST}`));
  if (list === undefined) {
    const documents = [...files].map(([name, bytes]) => readNamed(name, bytes));
    return examine(documents, bureauKey).map((one) => named(one, "presenter"));
  }
  const prefix = list.slice(0, -LIST.length);
  const listed = new Map();
  const beside = [];
  for (const [name, bytes] of files) {
    if (name.startsWith(prefix)) listed.set(name.slice(prefix.length), bytes);
    else beside.push(readNamed(name, bytes));
  }
  return examineListed(listed, beside, bureauKey);
}

function readNamed(name, bytes) {
  try {
    return read(bytes);
  } catch (error) {
    if (error instanceof SuiteError) throw error;
    throw new FormatError(`${name}: ${error.message}`, "a document of evidence");
  }
}

function examineListed(files, beside, bureauKey) {
  const documents = [];
  const unreadable = [];
  for (const [name, bytes] of files) {
    if (name === LIST) continue;
    try {
      documents.push(read(bytes));
    } catch (error) {
      // Nobody is accused for what this page cannot read.
      if (error instanceof SuiteError) throw error;
      unreadable.push(fails(`file ${name}`, [
        `无法读取：${error.message}。`, `Cannot be read: ${error.message}.`,
      ]));
    }
  }
  let found = examine(documents, bureauKey);
  const known = new Set(found.map((one) => JSON.stringify(one)));
  const { listing, scope } = listFindings(files, documents, found);
  const isIntact = listing.every((one) => one.outcome === "holds");
  if (isIntact && scope === "whole") {
    found = found.map((one) => (one.lacking ? { ...one, outcome: "fails" } : one));
  }
  const party = isIntact ? "server" : "presenter";
  const first = [...listing, ...unreadable, ...found].map((one) => named(one, party));
  if (!beside.length) return first;
  const again = examine([...documents, ...beside], bureauKey);
  const more = again.filter((one) => !known.has(JSON.stringify(one)));
  return [...first, ...more.map((one) => named(one, "presenter"))];
}

function named(one, blame) {
  const isUnnamed = one.outcome === "fails" && [null, "unknown"].includes(one.blame);
  return isUnnamed ? { ...one, blame } : one;
}

/** Check all that documents allow to check. */
export function examine(documents, bureauKey) {
  const { ground, findings } = findGround(sorted(documents), bureauKey);
  const openings = ground.bundle.of("opening/1").map((record) => repeated(ground, record));
  const sound = openings.filter((one) => one.isSound).map((one) => one.record);
  return [
    ...findings, ...growthFindings(ground), ...submissionFindings(ground),
    ...receiptFindings(ground), ...refusalFindings(ground), ...secretFindings(ground),
    ...proofFindings(ground), ...postingFindings(ground),
    ...openings.flatMap((one) => one.findings),
    ...decisionFindings(ground, sound), ...evaluationFindings(ground),
  ];
}

function repeated(ground, record) {
  const about = `opening ${short(record.checkpoint.root)}`;
  if (!record.manifests.every((one) => ground.manifests.has(manifestDigest(one)))) {
    const words = ["未核对：其中的清单不成立。", "Not checked: a manifest in it does not hold."];
    return { record, isSound: false, findings: [unchecked(about, words)] };
  }
  const count = record.results.length;
  const again = trial(about, [
    `重复开启所得结果与记录一致（${count} 份）。`,
    `Repeating it gives the recorded results (${count}).`,
  ], () => checkRecord(record));
  const isSound = again.outcome === "holds";
  const results = isSound ? record.results.flatMap(resultFindings) : [];
  return { record, isSound, findings: [again, completeness(record, about), ...results] };
}

function completeness(record, about) {
  const [shown, count] = [record.submissions.length, record.checkpoint.size];
  if (shown === count) {
    return holds(about, [
      "包含日志的全部叶子，哪份有效可以核对。",
      "It holds every leaf of the log, so that which ones count is checked too.",
    ]);
  }
  return unchecked(about, [
    `只包含日志 ${count} 个叶子中的 ${shown} 个：其余未核对。`,
    `It holds ${shown} of the log's ${count} leaves: the others are not checked.`,
  ]);
}

function resultFindings(result) {
  const about = `envelope ${short(result.envelope)}`;
  const wrong = result.wrong_seats.map((seat) => fails(about, [
    `第 ${seat} 席持有人提交的份额不是密封给它的份额：该持有人之过。`,
    `The holder of seat ${seat} posted another share than was sealed to it: its fault.`,
  ], "holder", String(seat)));
  return [...wrong, verdictFinding(result, about)];
}

function verdictFinding(result, about) {
  if (result.verdict === "bidder-fault") {
    return fails(about, [
      `申报企业密封的内容与其签名不符（${result.fault}）：该企业之过。`,
      `What the bidder sealed does not fit what it signed (${result.fault}): its fault.`,
    ], "bidder", result.bidder);
  }
  if (result.verdict === "opened") {
    return holds(about, ["开启结果与信封一致。", "What was opened is what was sealed."]);
  }
  return unchecked(about, [
    "未开启：正确的份额不足，也没有公布密钥。",
    "Not opened: too few right shares, and no revealed key.",
  ]);
}

function listFindings(files, documents, found) {
  const about = "evidence list";
  let index;
  try {
    index = read(files.get(LIST));
    must(index.type === "evidence/1", "evidence.type: expected evidence/1");
  } catch (error) {
    if (error instanceof SuiteError) throw error;
    const words = [`无法读取：${error.message}。`, `Cannot be read: ${error.message}.`];
    return { listing: [fails(about, words, "presenter")], scope: null };
  }
  const listing = [signedFinding(index, documents, found, about), ...changed(index, files)];
  return { listing, scope: index.scope };
}

function signedFinding(index, documents, found, about) {
  const holding = new Set(found.filter((one) => one.outcome === "holds").map((one) => one.about));
  const manifests = sorted(documents).of("manifest/1");
  const manifest = manifests.find((one) => manifestDigest(one) === index.manifest);
  if (!manifest || !holding.has(`manifest ${short(index.manifest)}`)) {
    return fails(about, [
      "材料中没有它的清单（manifest），或该清单不成立：不能认定由平台签名。",
      "Its manifest is not in the bundle, or does not hold: no server is known to sign it.",
    ], "presenter");
  }
  const signed = trial(about, [
    `由平台签名；${index.files.length} 个文件。`, `Signed by the server; ${index.files.length} files.`,
  ], () => {
    must(isOf(index, manifest), "evidence.manifest: expected suite, round and digest of this manifest");
    checkSignature(index, manifest.server_key, "the server");
  });
  return signed.outcome === "fails" ? { ...signed, blame: "presenter" } : signed;
}

function changed(index, files) {
  const expected = new Map(index.files.map((one) => [one.name, one.hash]));
  const found = [];
  for (const name of new Set([...expected.keys(), ...files.keys()])) {
    const about = `file ${name}`;
    if (name === LIST) continue;
    if (!files.has(name)) {
      found.push(fails(about, [
        "平台签名的目录中有，材料中没有：之后被取走。",
        "It is on the list that the server signed, and not here: taken out since.",
      ], "presenter"));
    } else if (!expected.has(name)) {
      found.push(fails(about, [
        "不在平台签名的目录中：之后被加入。",
        "It is not on the list that the server signed: put in since.",
      ], "presenter"));
    } else if (toHex(hash(files.get(name))) !== expected.get(name)) {
      found.push(fails(about, [
        "与平台签名的哈希不符：之后被改动。",
        "It has another hash than the server signed: changed since.",
      ], "presenter"));
    }
  }
  return found;
}

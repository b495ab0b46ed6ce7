/* The decision: are the rules, the bids and the letters in it those of the round? */

import { toHex, utf8 } from "../sealing/canonical.js";
import { checkSignature, manifestDigest } from "../sealing/documents.js";
import { hash } from "../sealing/suite_intl1.js";
import { compared, plain } from "./decimals.js";
import { fails, holds, lacking, short, trial, unchecked, withoutManifest } from "./finding.js";
import { checkOf, isSound } from "./ground.js";

const LETTER_FIGURES = [
  "strength", "status", "clause", "rank", "declared_price", "comparable_price", "needed_price",
  "needed_pack_price",
];
const sha256 = (text) => toHex(hash(utf8(text)));

/** The digest by which manifest and report name rules. */
export function rulesDigest({ text, changes }) {
  const digest = sha256(text);
  return changes === "{}" ? digest : sha256(`${digest}\n${changes}`);
}

/** @param records Openings that hold: nobody is accused on account of another one. */
export function* decisionFindings(ground, records) {
  for (const rules of ground.bundle.of("rulebook/1")) yield rulebookFinding(ground, rules);
  for (const sheet of ground.bundle.of("sheet/1")) {
    yield* signedFindings(ground, sheet, () => sheetFindings(ground, sheet, records));
  }
  for (const report of ground.bundle.of("report/1")) {
    yield* signedFindings(ground, report, () => [reportFinding(ground, report)]);
  }
  for (const letter of ground.bundle.of("letter/1")) {
    yield* signedFindings(ground, letter, () => [letterFinding(ground, letter)]);
  }
}

function nameOf(statement) {
  if (statement.type === "letter/1") return `letter ${statement.lot} ${statement.bid}`;
  return statement.type === "report/1"
    ? `report ${short(statement.digest)}` : `sheet ${short(statement.rulebook_digest)}`;
}

function rulebookFinding(ground, rules) {
  const about = `rulebook ${rules.id}`;
  const bids = [...ground.manifests.values()].filter((one) => one.purpose === "bids");
  if (!bids.length) return withoutManifest(about);
  const digest = rulesDigest(rules);
  if (bids.some((one) => one.rulebook === rules.id && one.rulebook_digest === digest)) {
    return holds(about, ["与清单所载规则的摘要一致。", "It has the digest that the manifest names."]);
  }
  return fails(about, [
    "与清单所载规则的摘要不符：平台提供的不是公布的规则。",
    "It has another digest than the manifest names: these are not the published rules.",
  ]);
}

function* signedFindings(ground, statement, more) {
  const about = nameOf(statement);
  const manifest = ground.manifests.get(statement.manifest);
  if (!manifest) {
    yield withoutManifest(about);
    return;
  }
  const signed = trial(about, [
    "由平台签名，未被改动。", "Signed by the server, and not changed since.",
  ], () => {
    checkOf(statement, manifest);
    checkSignature(statement, manifest.server_key, "the server");
  });
  yield signed;
  if (signed.outcome === "holds") yield* more();
}

function* sheetFindings(ground, sheet, records) {
  const about = nameOf(sheet);
  const found = [];
  try {
    const facts = JSON.parse(sheet.facts);
    found.push(sameLots(about, facts, ground.manifests.get(sheet.manifest)));
    found.push(...sameBids(sheet, facts, records));
    found.push(sameAnswers(sheet, facts, records));
  } catch {
    found.push(fails(about, [
      "评审所依据的事实无法读取。", "The facts that were evaluated cannot be read.",
    ], "evaluation"));
  }
  yield* found;
}

function sameLots(about, facts, manifest) {
  const published = new Map(manifest.lots.flatMap((lot) => lot.strengths.map(
    (one) => [JSON.stringify([lot.lot, one.strength]), plainOrNull(one.price_ceiling)],
  )));
  const isSame = facts.lots.every((lot) => Object.values(lot.strengths).every((one) => {
    const key = JSON.stringify([lot.lot, one.label]);
    return published.has(key) && published.get(key) === plainOrNull(one.price_ceiling);
  }));
  if (isSame) {
    return holds(about, [
      "品种、规格和最高有效申报价与清单一致。",
      "Lots, strengths and ceilings are those of the manifest.",
    ]);
  }
  return fails(about, [
    "品种、规格或最高有效申报价与清单不符。",
    "Lots, strengths or ceilings are not those of the manifest.",
  ], "evaluation");
}

const plainOrNull = (price) => (price === null || price === undefined ? null : plain(price));

function complete(records, purpose, round) {
  return records.filter((record) => {
    const manifest = record.manifests.at(-1);
    return record.submissions.length === record.checkpoint.size
      && manifest.purpose === purpose && manifest.round === round;
  });
}

function* sameBids(sheet, facts, records) {
  const about = nameOf(sheet);
  const openings = complete(records, "bids", sheet.round);
  if (!openings.length) {
    yield lacking(about, [
      "未核对报价：材料中没有完整的开标记录。",
      "Prices are not checked: the bundle has no complete record of the opening.",
    ]);
    return;
  }
  const opened = openedPrices(openings, new Set(facts.lots.map((lot) => lot.lot)));
  const evaluated = evaluatedPrices(sheet, facts);
  const listed = (prices, key) => (prices.get(key) ?? []).toSorted().join("\n");
  const wrong = [...new Set([...opened.keys(), ...evaluated.keys()])]
    .filter((key) => listed(opened, key) !== listed(evaluated, key));
  for (const key of wrong) {
    const [lot, bidder] = JSON.parse(key);
    yield fails(`${about} ${lot}`, [
      `评审采用的报价与开标所得不符（品种 ${lot}，企业 ${bidder}）。`,
      `What was evaluated is not what was opened (lot ${lot}, bidder ${bidder}).`,
    ], "evaluation");
  }
  if (!wrong.length) {
    yield holds(about, [
      "评审采用的每一报价都是开标所得。",
      "Every price that was evaluated is the one that was opened.",
    ]);
  }
}

function collect(found, lot, bidder, quotes) {
  const key = JSON.stringify([lot, bidder]);
  found.set(key, [...found.get(key) ?? [], JSON.stringify(quotes.map(JSON.stringify).sort())]);
}

function openedPrices(openings, lots) {
  const found = new Map();
  for (const { bidder, bid } of openings.flatMap((one) => one.results)) {
    const products = new Map();
    for (const line of bid?.lines ?? []) {
      const key = JSON.stringify([line.lot, line.product ?? null]);
      const price = line.pack_price ?? line.declared_price;
      const quote = [line.strength, plain(price), line.pack_units ?? 1];
      products.set(key, [...products.get(key) ?? [], quote]);
    }
    for (const [key, quotes] of products) {
      const [lot] = JSON.parse(key);
      if (lots.has(lot)) collect(found, lot, bidder, quotes);
    }
  }
  return found;
}

function evaluatedPrices(sheet, facts) {
  const owners = new Map(sheet.bids.map((one) => [JSON.stringify([one.lot, one.bid]), one.bidder]));
  const quoted = (quotes) => quotes.map(({ strength, declared_price: price }) => (
    [strength, plain(price.pack_price), price.pack_units]));
  const found = new Map();
  for (const bid of facts.bids) {
    const owner = owners.get(JSON.stringify([bid.lot, bid.bid]));
    if (owner === undefined) throw new Error("a bid without its bidder");
    collect(found, bid.lot, owner, quoted(bid.quotes));
  }
  for (const one of sheet.left_out) collect(found, one.lot, one.bidder, quoted(one.quotes));
  return found;
}

function sameAnswers(sheet, facts, records) {
  const about = nameOf(sheet);
  const owners = new Map(sheet.bids.map((one) => [JSON.stringify([one.lot, one.bid]), one.bidder]));
  const byBidders = sheet.answers.filter((one) => one.by === "bidder");
  const opened = new Map(complete(records, "answers", sheet.round).flatMap((record) => (
    record.manifests.map((manifest) => [manifestDigest(manifest), answersIn(record)]))));
  const listed = (answers) => answers
    .map((one) => JSON.stringify([one.lot, one.bid, ...said(one)])).sort().join("\n");
  const wrong = byBidders.some((one) => {
    if (!opened.has(one.manifest)) return false;
    const owner = owners.get(JSON.stringify([one.lot, one.bid]));
    const [, answer, price] = said(one);
    const heard = heardOf(opened.get(one.manifest), owner, one);
    return heard[0] !== answer || heard[1] !== price;
  });
  if (wrong || listed(sheet.answers) !== listed(facts.answers)) {
    return fails(about, [
      "企业的答复与开启所得不符。", "The answers of bidders are not those that were opened.",
    ], "evaluation");
  }
  if (byBidders.every((one) => opened.has(one.manifest))) {
    return holds(about, [
      `企业的答复（${byBidders.length} 项）都是开启所得。`,
      `The answers of bidders (${byBidders.length}) are those that were opened.`,
    ]);
  }
  return lacking(about, [
    "未核对答复：材料中没有二次答复的完整开启记录。",
    "Answers are not checked: the bundle has no complete record of their opening.",
  ]);
}

const said = (one) => [one.question, one.answer, plainOrNull(one.price)];

function answersIn(record) {
  return new Map(record.results.flatMap(({ bidder, bid }) => (bid?.answers ?? []).map((line) => [
    JSON.stringify([line.lot, bidder, line.question, line.product ?? null]),
    [line.answer, line.price ?? null],
  ])));
}

/** What counts: silence is no answer, and neither is a price above the one offered. */
function heardOf(opened, owner, { lot, question, product, offered }) {
  const key = JSON.stringify([lot, owner, question, product]);
  let [accepts, price] = opened.get(key) ?? [false, null];
  if (price !== null && offered !== null && compared(price, offered) > 0) accepts = false;
  return [accepts, accepts ? plainOrNull(price) : null];
}

function reportFinding(ground, report) {
  const about = nameOf(report);
  if (sha256(report.text) !== report.digest) {
    return fails(about, [
      "报告文本与其摘要不符。", "The text of the report has another digest than is said.",
    ], "evaluation");
  }
  if (report.rulebook_digest !== ground.manifests.get(report.manifest).rulebook_digest) {
    return fails(about, [
      "报告依据的规则不是清单所载的规则。",
      "The report applies other rules than the manifest names.",
    ], "evaluation");
  }
  return holds(about, [
    "报告文本与其摘要一致，依据清单所载规则。",
    "Its text has the digest that is said, and it applies the rules of the manifest.",
  ]);
}

function letterFinding(ground, letter) {
  const about = nameOf(letter);
  const report = ground.bundle.of("report/1")
    .find((one) => one.digest === letter.report && isSound(ground, one));
  if (!report) {
    return unchecked(about, [
      "未与报告核对：材料中没有该信所引用的报告。",
      "Not compared with the report: the one that it names is not in the bundle.",
    ]);
  }
  const wrong = wrongFigures(letter, report);
  if (!wrong.length) return holds(about, ["与报告所载一致。", "It says what the report says."]);
  const names = wrong.join(", ");
  return fails(about, [
    `与报告不符（${names}）：平台出具的告知书不是报告所载。`,
    `It is not what the report says (${names}): the server signed a wrong letter.`,
  ], "server");
}

function wrongFigures(letter, report) {
  try {
    const lots = JSON.parse(report.text).lots.filter((one) => one.lot === letter.lot);
    const found = lots.flatMap((one) => one.outcomes).filter((one) => one.bid === letter.bid);
    if (found.length !== 1) return ["bid"];
    return LETTER_FIGURES.filter((name) => (found[0][name] ?? null) !== letter[name]);
  } catch {
    return ["bid"];
  }
}

/** Of each report that holds: that it is evaluated again elsewhere. */
export function* evaluationFindings(ground) {
  for (const report of ground.bundle.of("report/1")) {
    if (!isSound(ground, report)) continue;
    const about = `evaluation ${short(report.digest)}`;
    yield hasBasis(ground, report)
      ? unchecked(about, [
        "此处不能重算：请用 jicai verify。", "It cannot be evaluated again here: use jicai verify.",
      ])
      : lacking(about, [
        "未重算：材料中没有评审的事实或规则，或其不成立。",
        "Not evaluated again: facts or rules are not in the bundle, or do not hold.",
      ]);
  }
}

function hasBasis(ground, report) {
  const digest = report.rulebook_digest;
  return ground.bundle.of("sheet/1").some((sheet) => (
    sheet.manifest === report.manifest && sheet.rulebook_digest === digest
    && isSound(ground, sheet)
    && ground.bundle.of("rulebook/1").some((rules) => rulesDigest(rules) === digest
      && rules.id === ground.manifests.get(sheet.manifest).rulebook)));
}

/* What may be sealed: the twin of bidding/sealing/bid.py. What this lets through opens as a bid; a
   fault that were noticed only at the opening would be the bidder's. */

const NAME = /^[^|\x00-\x1f\x7f-\x9f]{1,100}$/u;
const TEXT = /^[^\x00-\x1f\x7f-\x9f]{1,300}$/u;
const PRICE = /^(0|[1-9]\d{0,11})(\.\d{1,12})?$/;
const QUESTION = /^[a-z][a-z-]{0,39}$/;
const UNITS_MAX = 10 ** 9;
const CAPACITY_MAX = 10 ** 15;
const LINES_MAX = 5000;
const LINE_FIELDS = new Set([
  "lot", "strength", "declared_price", "pack_units", "pack_price", "product", "capacity", "supplies",
]);
const ANSWER_FIELDS = new Set(["lot", "question", "answer", "price", "product"]);

/** A content that must not be sealed: `where` names the field, `expected` says what belongs there. */
export class ContentError extends Error {
  constructor(where, expected) {
    super(`${where}: expected ${expected}`);
    this.name = "ContentError";
    this.where = where;
    this.expected = expected;
  }
}

/** A price in the one spelling that documents have: 007.5, 7., .5 and 7,5 are none. */
export function isPrice(text) {
  return typeof text === "string" && PRICE.test(text) && /[1-9]/.test(text);
}

/** Throws unless the names may stand in an envelope. */
export function checkWho({ bidder, version, replaces }) {
  if (typeof bidder !== "string" || !NAME.test(bidder)) throw new ContentError("bidder", "a name without |");
  if (!Number.isSafeInteger(version) || version < 1 || version > 10 ** 6) {
    throw new ContentError("version", "a whole number from 1");
  }
  if ((version === 1) !== (replaces === null)) {
    throw new ContentError("replaces", "nothing in version 1, a digest from version 2 on");
  }
}

/** Throws unless the content is a bid (or second answers, or nothing) as the manifest asks for. */
export function checkContent(manifest, { lines = [], answers = [] }) {
  const wanted = { bids: [true, false], answers: [false, true], rehearsal: [false, false] };
  const found = [lines.length > 0, answers.length > 0];
  const [hasLines, hasAnswers] = wanted[manifest.purpose] ?? [];
  if (found[0] !== hasLines || found[1] !== hasAnswers || lines.length > LINES_MAX) {
    throw new ContentError("bid", `content for the purpose ${manifest.purpose}`);
  }
  const strengths = new Map(
    manifest.lots.map((lot) => [lot.lot, new Set(lot.strengths.map((one) => one.strength))]),
  );
  lines.forEach((line, index) => checkLine(line, `lines[${index}]`, strengths));
  answers.forEach((answer, index) => checkAnswer(answer, `answers[${index}]`, strengths));
  checkOnce(lines, ["lot", "strength", "product"], "lines");
  checkOnce(answers, ["lot", "question", "product"], "answers");
}

function checkLine(line, where, strengths) {
  checkFields(line, LINE_FIELDS, where);
  const known = strengths.get(line.lot);
  if (!known) throw new ContentError(`${where}.lot`, "a lot of the manifest");
  if (!known.has(line.strength)) {
    throw new ContentError(`${where}.strength`, "a strength of the lot in the manifest");
  }
  const isPack = line.pack_units !== undefined || line.pack_price !== undefined;
  if (isPack === (line.declared_price !== undefined)) {
    throw new ContentError(where, "either declared_price or pack_units and pack_price");
  }
  if (isPack) checkWhole(line.pack_units, 1, UNITS_MAX, `${where}.pack_units`);
  const price = isPack ? "pack_price" : "declared_price";
  if (!isPrice(line[price])) throw new ContentError(`${where}.${price}`, "a price as text, like 12.34");
  if (line.capacity !== undefined) checkWhole(line.capacity, 0, CAPACITY_MAX, `${where}.capacity`);
  if (line.supplies !== undefined) checkSupplies(line.supplies, `${where}.supplies`);
  checkProduct(line.product, `${where}.product`);
}

function checkAnswer(answer, where, strengths) {
  checkFields(answer, ANSWER_FIELDS, where);
  if (!strengths.has(answer.lot)) throw new ContentError(`${where}.lot`, "a lot of the manifest");
  if (!QUESTION.test(answer.question)) throw new ContentError(`${where}.question`, "a question's word");
  if (typeof answer.answer !== "boolean") throw new ContentError(`${where}.answer`, "true or false");
  if (answer.price !== undefined && !isPrice(answer.price)) {
    throw new ContentError(`${where}.price`, "a price as text, like 12.34");
  }
  checkProduct(answer.product, `${where}.product`);
}

function checkFields(fields, known, where) {
  for (const name of Object.keys(fields)) {
    if (!known.has(name)) throw new ContentError(`${where}.${name}`, "no such field");
  }
}

function checkWhole(value, low, high, where) {
  if (!Number.isSafeInteger(value) || value < low || value > high) {
    throw new ContentError(where, `a whole number from ${low} to ${high}`);
  }
}

function checkProduct(product, where) {
  if (product !== undefined && !(typeof product === "string" && TEXT.test(product))) {
    throw new ContentError(where, "text of 1 to 300 characters");
  }
}

function checkSupplies(supplies, where) {
  const isList = Array.isArray(supplies) && supplies.length >= 1 && supplies.length <= 200;
  if (!isList || !supplies.every((one) => typeof one === "string" && TEXT.test(one))) {
    throw new ContentError(where, "1 to 200 strengths");
  }
}

function checkOnce(items, names, where) {
  const keys = items.map((item) => JSON.stringify(names.map((name) => item[name] ?? null)));
  if (new Set(keys).size !== keys.length) throw new ContentError(where, `one for each ${names.join(", ")}`);
}

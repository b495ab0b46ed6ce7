// The lines of a bid as typed: what is wrong with them, their words, and what is sealed.

import { inWords, millionths, plain, readAmount } from "../amounts.js";
import { grouped, say } from "../language.js";

const UNITS_MAX = 10 ** 9;
const CAPACITY_MAX = Number.MAX_SAFE_INTEGER;

/** One line of the form: its fields and what the manifest says about it. */
export class Line {
  constructor(box) {
    this.box = box;
    this.lot = box.dataset.lot;
    this.strength = box.dataset.strength;
    this.ceiling = box.dataset.ceiling;
    this.id = box.id;
  }

  field(name) {
    return this.box.querySelector(`[data-field=${name}]`);
  }

  typed(name) {
    return plain(this.field(name).value);
  }

  get isEmpty() {
    return ["units", "price", "capacity"].every((name) => this.typed(name) === "");
  }

  get units() {
    return Number(this.typed("units"));
  }

  /** The price in its only spelling: no zeros that say nothing. */
  get price() {
    const amount = readAmount(this.typed("price"));
    return amount && amount.whole + (amount.decimals ? `.${amount.decimals}` : "");
  }

  /** Complaints by field. */
  faults() {
    if (this.isEmpty) return [];
    const faults = [];
    if (!isWhole(this.typed("units"), 1, UNITS_MAX)) {
      faults.push(["units", say("请填包装数量，整数，至少为 1。", "Enter the units in a pack, 1 or more.")]);
    }
    const price = millionths(this.typed("price"));
    if (!price) faults.push(["price", say("请填大于零的价格，最多 6 位小数。", "Enter a price above zero with at most 6 decimals.")]);
    const capacity = this.typed("capacity");
    if (capacity && !isWhole(capacity, 0, CAPACITY_MAX)) {
      faults.push(["capacity", say("请填整数。", "Enter a whole number.")]);
    }
    if (faults.length === 0 && this.isAbove) {
      faults.push(["price", say("高于最高有效申报价，报价将无效。", "Above the ceiling: such a price would not be valid.")]);
    }
    return faults;
  }

  /** Price of the pack and ceiling for as many units, in millionths of a yuan. */
  get comparison() {
    const limit = this.ceiling ? millionths(this.ceiling) : null;
    const price = millionths(this.typed("price"));
    if (!price || limit === null || !isWhole(this.typed("units"), 1, UNITS_MAX)) return null;
    return { price, limit: limit * BigInt(this.units) };
  }

  get isAbove() {
    return this.comparison !== null && this.comparison.price > this.comparison.limit;
  }

  get cut() {
    if (this.comparison === null) return "";
    const { price, limit } = this.comparison;
    const hundredths = ((limit - price) * 10000n) / limit;
    const size = hundredths < 0n ? -hundredths : hundredths;
    const percent = `${size / 100n}.${String(size % 100n).padStart(2, "0")}%`;
    if (price > limit) return say("高 {percent}", "{percent} above", { percent });
    return price === limit ? say("相等", "equal") : say("低 {percent}", "{percent} below", { percent });
  }

  /** The unit price for reading: what is sealed is the pack price and its units, exactly. */
  get unitPrice() {
    const price = millionths(this.typed("price"));
    const units = BigInt(this.units);
    const scaled = (price * 1000000n) / units;
    const digits = String(scaled).padStart(13, "0");
    const text = `${digits.slice(0, -12)}.${digits.slice(-12)}`.replace(/0+$/, "").replace(/\.$/, "");
    const isExact = scaled * units === price * 1000000n;
    return isExact ? text : `${Number(text).toPrecision(6)}…`;
  }

  get words() {
    return inWords(this.typed("price")) ?? "";
  }

  /** What is sealed. */
  content() {
    const line = {
      lot: this.lot, strength: this.strength, pack_units: this.units, pack_price: this.price,
    };
    const capacity = this.typed("capacity");
    return capacity ? { ...line, capacity: Number(capacity) } : line;
  }

  /** A row of the table to be read over. */
  row() {
    const cells = [
      this.lot, this.strength, grouped(this.units), grouped(this.price), this.words,
      this.unitPrice, this.cut || "—",
    ];
    return cells;
  }

  show() {
    const output = this.box.querySelector("[data-words]");
    const isReady = !this.isEmpty && millionths(this.typed("price"));
    output.textContent = isReady ? [this.words, this.cutWords].filter(Boolean).join(say("，", ", ")) : "";
    output.classList.toggle("bad", this.isAbove);
  }

  get cutWords() {
    return this.cut && say("较最高有效申报价：{cut}", "against the ceiling: {cut}", { cut: this.cut });
  }
}

function isWhole(text, low, high) {
  return /^\d{1,15}$/.test(text) && Number(text) >= low && Number(text) <= high;
}

// The page on which second answers are chosen, read over, sealed and submitted.

import { millionths, plain, readAmount } from "../amounts.js";
import { grouped, say } from "../language.js";
import { EnvelopeSteps } from "./envelope_steps.js";
import { showFault } from "./talk.js";

const DIGITS = 40;

/** A price as a whole number of its smallest step, so that prices are compared exactly. */
function scaled(text) {
  const [whole, decimals = ""] = text.split(".");
  return BigInt(whole + decimals.slice(0, DIGITS).padEnd(DIGITS, "0"));
}

/** One question of the page. */
class Question {
  constructor(box) {
    this.box = box;
    const { lot, question, product, offer } = box.dataset;
    Object.assign(this, { lot, question, product, offer });
  }

  field(name) {
    return this.box.querySelector(`[data-field=${name}]`);
  }

  get accepts() {
    return this.field("answer").value === "yes";
  }

  get price() {
    return this.accepts ? plain(this.field("price")?.value ?? "") : "";
  }

  /** What is wrong with it, and where; null where nothing is. */
  fault() {
    if (!this.field("answer").value) {
      return ["answer", say("请选择是否接受。", "Choose whether you accept.")];
    }
    if (!this.accepts || !this.field("price")) return null;
    if (this.price === "") {
      return this.offer ? null : ["price", say("请填愿意接受的价格。", "Name the price that you accept.")];
    }
    if (!millionths(this.price)) {
      return ["price", say("请填大于零的价格，最多 6 位小数。", "Enter a price above zero with at most 6 decimals.")];
    }
    if (this.offer && scaled(this.named) > scaled(this.offer)) {
      return ["price", say("高于所列价格，视为不接受。", "Above the price offered: it would count as not accepted.")];
    }
    return null;
  }

  /** The named price in its only spelling. */
  get named() {
    const { whole, decimals } = readAmount(this.price);
    return whole + (decimals ? `.${decimals}` : "");
  }

  content() {
    const answer = { lot: this.lot, question: this.question, answer: this.accepts };
    if (this.price) answer.price = this.named;
    if (this.product) answer.product = this.product;
    return answer;
  }

  row() {
    const words = this.field("answer").selectedOptions[0].textContent;
    const asked = this.box.querySelector("[data-asked]").textContent;
    const price = this.price ? grouped(this.named) : this.accepts && this.offer ? this.offer : "—";
    return [this.lot, asked, words, price];
  }
}

const page = document.getElementById("answers");
const questions = page ? [...page.querySelectorAll("[data-question]")].map((box) => new Question(box)) : [];
const steps = page && new EnvelopeSteps(page, {
  content: () => ({ answers: questions.map((question) => question.content()) }),
  lateWords: (moment) => say("答复已截止，信封于 {moment} 到达，视为不接受。", "The time is over; the envelope arrived at {moment} and counts as not accepted.", { moment }),
});

function showAll(form, faults) {
  showFault(form);
  const summary = form.querySelector("[data-summary]");
  summary.hidden = faults.length === 0;
  summary.querySelector("ul").replaceChildren(...faults.map(([question, name, message]) => {
    const field = question.field(name);
    const line = field.closest(".field").querySelector("[data-fault]");
    line.textContent = message;
    line.hidden = false;
    field.setAttribute("aria-invalid", "true");
    const link = document.createElement("a");
    link.href = `#${field.id}`;
    link.textContent = `${question.lot}${say("：", ": ")}${message}`;
    const item = document.createElement("li");
    item.append(link);
    return item;
  }));
  if (faults.length > 0) summary.focus();
}

function readOver(event) {
  event.preventDefault();
  const found = questions.map((question) => [question, question.fault()]);
  const faults = found.filter(([, fault]) => fault).map(([question, fault]) => [question, ...fault]);
  showAll(event.target, faults);
  if (faults.length > 0) return;
  const rows = questions.map((question) => {
    const row = document.createElement("tr");
    question.row().forEach((text, index) => {
      const cell = document.createElement(index === 0 ? "th" : "td");
      if (index === 0) cell.scope = "row";
      if (index === 3) cell.className = "number";
      cell.textContent = text;
      row.append(cell);
    });
    return row;
  });
  page.querySelector("[data-check]").replaceChildren(...rows);
  steps.goTo("check");
}

/** A price is named only by who accepts. */
function showPrice(question) {
  const field = question.field("price");
  if (field) field.closest(".field").hidden = !question.accepts;
}

if (page) {
  for (const question of questions) {
    showPrice(question);
    question.field("answer").addEventListener("change", () => showPrice(question));
  }
  page.querySelector("[data-answers]").addEventListener("submit", readOver);
}

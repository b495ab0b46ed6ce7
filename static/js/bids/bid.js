// The page on which a bid is typed, read over, sealed and submitted. No price leaves it unsealed.

import { say } from "../language.js";
import { dropDraft, keepDraft, readDraft } from "./bid_draft.js";
import { Line } from "./bid_lines.js";
import { EnvelopeSteps } from "./envelope_steps.js";
import { showFault } from "./talk.js";

const page = document.getElementById("bid");
const draftName = `${page?.dataset.file} ${page?.dataset.bidder}`;
const lines = page ? [...page.querySelectorAll("[data-line]")].map((box) => new Line(box)) : [];
const steps = page && new EnvelopeSteps(page, {
  content: () => ({ lines: lines.filter((line) => !line.isEmpty).map((line) => line.content()) }),
  acknowledged: () => dropDraft(draftName).catch(() => {}),
  lateWords: (moment) => say("申报已截止，信封于 {moment} 到达。", "Bidding is over; the envelope arrived at {moment}.", { moment }),
});

// --- typing

const form = page?.querySelector("[data-prices]");

function fieldsTyped() {
  return Object.fromEntries(
    [...form.querySelectorAll("[data-field]")].map((field) => [field.id, field.value]),
  );
}

let timer;
function draftLater() {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const line = form.querySelector("[data-draft-state]");
    try {
      await keepDraft(draftName, fieldsTyped());
      line.textContent = say("草稿已加密保存在本浏览器。", "The draft is kept in this browser, encrypted.");
    } catch {
      line.textContent = say("本浏览器不能保存草稿，请不要关闭页面。", "This browser keeps no draft; do not close the page.");
    }
  }, 1000);
}

async function restoreDraft() {
  const kept = await readDraft(draftName).catch(() => null);
  for (const [id, value] of Object.entries(kept ?? {})) {
    const field = document.getElementById(id);
    if (field?.matches("[data-field]")) field.value = value;
  }
  for (const line of lines) line.show();
}

function showFaults(faults) {
  const summary = form.querySelector("[data-summary]");
  showFault(form);
  summary.hidden = faults.length === 0;
  summary.querySelector("ul").replaceChildren(...faults.map(({ line, name, message }) => {
    const field = line.field(name);
    const fault = field.closest(".field").querySelector("[data-fault]");
    fault.textContent = message;
    fault.hidden = false;
    field.setAttribute("aria-invalid", "true");
    const link = document.createElement("a");
    link.href = `#${field.id}`;
    link.textContent = `${line.lot} ${line.strength}${say("：", ": ")}${message}`;
    const item = document.createElement("li");
    item.append(link);
    return item;
  }));
  if (faults.length > 0) summary.focus();
}

function readOver(event) {
  event.preventDefault();
  const faults = lines.flatMap((line) =>
    line.faults().map(([name, message]) => ({ line, name, message })));
  const filled = lines.filter((line) => !line.isEmpty);
  if (filled.length === 0) {
    const message = say("至少填报一个规格。", "Fill in at least one strength.");
    faults.push({ line: lines[0], name: "units", message });
  }
  showFaults(faults);
  if (faults.length > 0) return;
  const rows = filled.map((line) => {
    const row = document.createElement("tr");
    line.row().forEach((text, index) => {
      const cell = document.createElement(index === 0 ? "th" : "td");
      if (index === 0) cell.scope = "row";
      if ([2, 3, 5, 6].includes(index)) cell.className = "number";
      if (index === 4) cell.lang = "zh-Hans";
      cell.textContent = text;
      row.append(cell);
    });
    return row;
  });
  page.querySelector("[data-check]").replaceChildren(...rows);
  steps.goTo("check");
}

if (page) {
  form.addEventListener("input", (event) => {
    const box = event.target.closest("[data-line]");
    if (box) lines.find((line) => line.box === box).show();
    draftLater();
  });
  form.addEventListener("submit", readOver);
  restoreDraft();
}

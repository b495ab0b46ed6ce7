// The page on which a bid is typed, read over, sealed and submitted. No price leaves it unsealed.

import { say } from "../language.js";
import { canonicalText, fromHex, toBase64 } from "../sealing/canonical.js";
import { checkManifest, digest } from "../sealing/documents.js";
import { sealBid, sealWithdrawal } from "../sealing/envelope.js";
import { publicKeys } from "../sealing/keys.js";
import { checkReceipt } from "../sealing/verify.js";
import { dropDraft, keepDraft, readDraft } from "./bid_draft.js";
import { Line } from "./bid_lines.js";
import { withKey } from "./key_entry.js";
import { FieldError, fetchDocument, offer, post, showFault, tell } from "./talk.js";

const page = document.getElementById("bid");
const { round, bidder, replaces } = page?.dataset ?? {};
const version = Number(page?.dataset.version);
const draftName = `${round} ${bidder}`;
const lines = page ? [...page.querySelectorAll("[data-line]")].map((box) => new Line(box)) : [];

function goTo(step) {
  for (const section of page.querySelectorAll("[data-step]")) {
    section.hidden = section.dataset.step !== step;
  }
  const shown = page.querySelector(`[data-step=${step}]`);
  shown.focus();
  window.scrollTo({ top: 0 });
  return shown;
}

async function manifestOf() {
  const manifest = await fetchDocument(`/rounds/${round}/manifest.json`);
  checkManifest(manifest, toBase64(fromHex(page.dataset.bureauKey)));
  return manifest;
}

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
  goTo("check");
}

// --- sealing

async function requireOwnKey(seed, sealing) {
  const { signing_key } = await publicKeys(seed);
  if (signing_key !== toBase64(fromHex(page.dataset.key))) {
    throw new FieldError(sealing.querySelector("input[type=file]"), say(
      "这不是贵单位绑定的签名密钥。", "This is not the signing key bound to your organisation.",
    ));
  }
}

async function seal(event) {
  event.preventDefault();
  const sealing = event.target;
  showFault(sealing);
  try {
    if (!document.getElementById("field-sure").checked) {
      tell(sealing, say("请先勾选确认。", "Tick the box first."), true);
      return;
    }
    const content = { lines: lines.filter((line) => !line.isEmpty).map((line) => line.content()) };
    const sealed = await withKey(sealing, "bidder", async (seed) => {
      await requireOwnKey(seed, sealing);
      return sealBid(await manifestOf(), content, { bidder, version, replaces: replaces || null, seed });
    });
    tell(sealing, "");
    prepareSending(sealed);
  } catch (error) {
    if (showFault(sealing, error)) tell(sealing, "");
    else tell(sealing, error.message, true);
  }
}

function prepareSending({ envelope, secret }) {
  const step = goTo("send");
  const name = `${round}-${bidder}-v${version}`;
  const button = step.querySelector("[data-submit]");
  const secretLink = step.querySelector("[data-secret-file]");
  offer(secretLink, canonicalText(secret), `${name}-content-key.json`);
  offer(step.querySelector("[data-envelope-file]"), canonicalText(envelope), `${name}-envelope.json`);
  // Who has not kept the secret could lose the bid where a quorum fails.
  secretLink.addEventListener("click", () => { button.disabled = false; });
  button.onclick = () => submit(envelope, button);
}

// --- submitting

async function submit(document_, button) {
  const step = button.closest("section, form");
  button.disabled = true;
  tell(step, say("正在提交……", "Submitting…"));
  try {
    const answer = await send(document_);
    // What was refused (the document was amended meanwhile) is sealed again from the same prices.
    if (isReceipt(JSON.parse(answer.text))) await dropDraft(draftName).catch(() => {});
    await finish(answer, document_);
  } catch (error) {
    tell(step, "");
    refuse(error.message, () => submit(document_, button));
  }
}

function send(document_) {
  // The digest as key: a second press, a lost line or another tab sends the same request.
  return post(`/rounds/${round}/bid`, canonicalText(document_), { "idempotency-key": digest(document_) });
}

async function finish(answer, document_) {
  const receipt = JSON.parse(answer.text);
  if (!isReceipt(receipt)) {
    refuse(refusalWords(receipt), null, answer.text);
    return;
  }
  await checkReceipt(receipt, await manifestOf(), document_);
  const step = goTo("done");
  step.querySelector("[data-receipt-id]").textContent = receipt.receipt_id;
  step.querySelector("[data-received]").textContent = say(
    "收到时间（平台数据库的时钟）：{moment}", "Received, by the database's clock: {moment}",
    { moment: new Date(receipt.received_at).toLocaleString("zh-CN", { timeZone: "Asia/Shanghai" }) },
  );
  offer(step.querySelector("[data-receipt-file]"), answer.text, `${round}-v${version}-receipt.json`);
}

function isReceipt(answer) {
  return answer.type === "receipt/1";
}

function refusalWords({ reason, refused_at }) {
  const moment = new Date(refused_at).toLocaleString("zh-CN", { timeZone: "Asia/Shanghai" });
  return {
    late: say("申报已截止，信封于 {moment} 到达。", "Bidding is over; the envelope arrived at {moment}.", { moment }),
    "stale-manifest": say("采购文件已修改。请刷新页面，按新清单重新密封。", "The document was amended. Reload and seal again under the new manifest."),
    "withdrawn-round": say("本批次已取消。", "This round is cancelled."),
  }[reason] ?? reason;
}

function refuse(message, again, refusal = null) {
  const step = goTo("refused");
  step.querySelector("[data-refused]").textContent = message;
  const button = step.querySelector("[data-again]");
  button.hidden = again === null;
  button.onclick = () => {
    const sending = goTo("send");
    sending.querySelector("[data-submit]").disabled = false;
    again();
  };
  const link = step.querySelector("[data-refusal-file]");
  if (refusal !== null) offer(link, refusal, `${round}-v${version}-refusal.json`);
}

async function withdraw(event) {
  event.preventDefault();
  const asking = event.target;
  showFault(asking);
  try {
    const withdrawal = await withKey(asking, "bidder", async (seed) => {
      await requireOwnKey(seed, asking);
      return sealWithdrawal(await manifestOf(), { bidder, version, replaces, seed });
    });
    await finish(await send(withdrawal), withdrawal);
  } catch (error) {
    if (showFault(asking, error)) tell(asking, "");
    else tell(asking, error.message, true);
  }
}

if (page) {
  form.addEventListener("input", (event) => {
    const box = event.target.closest("[data-line]");
    if (box) lines.find((line) => line.box === box).show();
    draftLater();
  });
  form.addEventListener("submit", readOver);
  page.querySelector("[data-seal]").addEventListener("submit", seal);
  page.querySelector("[data-back]").addEventListener("click", () => goTo("fill"));
  page.querySelector("[data-withdraw]")?.addEventListener("submit", withdraw);
  restoreDraft();
}

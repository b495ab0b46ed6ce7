// What a page does from "read over" on: seal, keep the secret, submit, receipt. For bids and answers.

import { say } from "../language.js";
import { canonicalText, fromHex, toBase64 } from "../sealing/canonical.js";
import { checkManifest, digest } from "../sealing/documents.js";
import { sealBid, sealWithdrawal } from "../sealing/envelope.js";
import { publicKeys } from "../sealing/keys.js";
import { checkReceipt } from "../sealing/verify.js";
import { withKey } from "./key_entry.js";
import { FieldError, fetchDocument, offer, post, showFault, tell } from "./talk.js";

const inChina = (moment) => new Date(moment).toLocaleString("zh-CN", { timeZone: "Asia/Shanghai" });

const isReceipt = (answer) => JSON.parse(answer.text).type === "receipt/1";

/**
 * The steps of a page whose sections are marked with data-step: fill, check, send, done, refused.
 * The page's data say who seals (bidder, version, replaces, key), under which manifest (manifest,
 * bureauKey), where it goes (post) and how files are called (file).
 */
export class EnvelopeSteps {
  /**
   * @param content Returns what is sealed, `{lines}` or `{answers}`.
   * @param acknowledged Called when the server has given a receipt.
   * @param lateWords Says that an envelope came too late, at a moment.
   */
  constructor(page, { content, acknowledged = () => {}, lateWords }) {
    this.page = page;
    this.content = content;
    this.acknowledged = acknowledged;
    this.lateWords = lateWords;
    this.version = Number(page.dataset.version);
    page.querySelector("[data-seal]").addEventListener("submit", (event) => this.seal(event));
    page.querySelector("[data-back]").addEventListener("click", () => this.goTo("fill"));
    page.querySelector("[data-withdraw]")?.addEventListener("submit", (event) => this.withdraw(event));
  }

  goTo(step) {
    for (const section of this.page.querySelectorAll("[data-step]")) {
      section.hidden = section.dataset.step !== step;
    }
    const shown = this.page.querySelector(`[data-step=${step}]`);
    shown.focus();
    window.scrollTo({ top: 0 });
    return shown;
  }

  async manifest() {
    const { manifest, bureauKey } = this.page.dataset;
    const found = await fetchDocument(manifest);
    checkManifest(found, toBase64(fromHex(bureauKey)));
    return found;
  }

  // --- sealing

  async requireOwnKey(seed, form) {
    const { signing_key } = await publicKeys(seed);
    if (signing_key !== toBase64(fromHex(this.page.dataset.key))) {
      throw new FieldError(form.querySelector("input[type=file]"), say(
        "这不是贵单位绑定的签名密钥。", "This is not the signing key bound to your organisation.",
      ));
    }
  }

  /** Who seals which version, in place of which. */
  who(seed) {
    const { bidder, replaces } = this.page.dataset;
    return { bidder, version: this.version, replaces: replaces || null, seed };
  }

  async seal(event) {
    event.preventDefault();
    const form = event.target;
    showFault(form);
    try {
      if (!document.getElementById("field-sure").checked) {
        tell(form, say("请先勾选确认。", "Tick the box first."), true);
        return;
      }
      const content = this.content();
      const sealed = await withKey(form, "bidder", async (seed) => {
        await this.requireOwnKey(seed, form);
        return sealBid(await this.manifest(), content, this.who(seed));
      });
      tell(form, "");
      this.prepareSending(sealed);
    } catch (error) {
      if (showFault(form, error)) tell(form, "");
      else tell(form, error.message, true);
    }
  }

  prepareSending({ envelope, secret }) {
    const step = this.goTo("send");
    const { file, bidder } = this.page.dataset;
    const name = `${file}-${bidder}-v${this.version}`;
    const button = step.querySelector("[data-submit]");
    const secretLink = step.querySelector("[data-secret-file]");
    offer(secretLink, canonicalText(secret), `${name}-content-key.json`);
    offer(step.querySelector("[data-envelope-file]"), canonicalText(envelope), `${name}-envelope.json`);
    // Who has not kept the secret could lose what was sealed where a quorum fails.
    secretLink.addEventListener("click", () => { button.disabled = false; });
    button.onclick = () => this.submit(envelope, button);
  }

  // --- submitting

  async submit(document_, button) {
    const step = button.closest("section, form");
    button.disabled = true;
    tell(step, say("正在提交……", "Submitting…"));
    try {
      const answer = await this.send(document_);
      // What was refused is still to be sealed again.
      if (isReceipt(answer)) await this.acknowledged();
      await this.finish(answer, document_);
    } catch (error) {
      tell(step, "");
      this.refuse(error.message, () => this.submit(document_, button));
    }
  }

  send(document_) {
    // The digest as key: a second press, a lost line or another tab sends the same request.
    return post(this.page.dataset.post, canonicalText(document_), { "idempotency-key": digest(document_) });
  }

  async finish(answer, document_) {
    const receipt = JSON.parse(answer.text);
    if (!isReceipt(answer)) {
      this.refuse(this.refusalWords(receipt), null, answer.text);
      return;
    }
    await checkReceipt(receipt, await this.manifest(), document_);
    const step = this.goTo("done");
    step.querySelector("[data-receipt-id]").textContent = receipt.receipt_id;
    step.querySelector("[data-received]").textContent = say(
      "收到时间（平台数据库的时钟）：{moment}", "Received, by the database's clock: {moment}",
      { moment: inChina(receipt.received_at) },
    );
    const name = `${this.page.dataset.file}-v${this.version}-receipt.json`;
    offer(step.querySelector("[data-receipt-file]"), answer.text, name);
  }

  refusalWords({ reason, refused_at }) {
    return {
      late: this.lateWords(inChina(refused_at)),
      "stale-manifest": say("采购文件已修改。请刷新页面，按新清单重新密封。", "The document was amended. Reload and seal again under the new manifest."),
      "withdrawn-round": say("本批次已取消。", "This round is cancelled."),
    }[reason] ?? reason;
  }

  refuse(message, again, refusal = null) {
    const step = this.goTo("refused");
    step.querySelector("[data-refused]").textContent = message;
    const button = step.querySelector("[data-again]");
    button.hidden = again === null;
    button.onclick = () => {
      const sending = this.goTo("send");
      sending.querySelector("[data-submit]").disabled = false;
      again();
    };
    const link = step.querySelector("[data-refusal-file]");
    const name = `${this.page.dataset.file}-v${this.version}-refusal.json`;
    if (refusal !== null) offer(link, refusal, name);
  }

  async withdraw(event) {
    event.preventDefault();
    const form = event.target;
    showFault(form);
    try {
      const withdrawal = await withKey(form, "bidder", async (seed) => {
        await this.requireOwnKey(seed, form);
        return sealWithdrawal(await this.manifest(), this.who(seed));
      });
      await this.finish(await this.send(withdrawal), withdrawal);
    } catch (error) {
      if (showFault(form, error)) tell(form, "");
      else tell(form, error.message, true);
    }
  }
}

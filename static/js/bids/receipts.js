// Checks the own receipts and their inclusion proofs in the browser, without trusting the server.

import { say } from "../language.js";
import { checkManifest } from "../sealing/documents.js";
import { checkLog, checkReceipt, provesInclusion } from "../sealing/verify.js";
import { fetchDocument } from "./talk.js";

const box = document.getElementById("receipts");

/** The final log under the manifest that was in force at closing; null before. */
async function checkedLog() {
  if (!box.dataset.log) return null;
  const log = await fetchDocument(box.dataset.log);
  const manifest = await fetchDocument(`/rounds/${box.dataset.round}/manifests/${log.checkpoint.manifest}`);
  checkManifest(manifest);
  try {
    await checkLog(log, manifest);
  } catch {
    throw new Error(say("日志与平台签名的日志根不符。", "The log does not fit its signed root."));
  }
  return { checkpoint: log.checkpoint, manifest };
}

/** Throws unless the log is of the receipt's round and server; an amendment changes the rest. */
function checkOneRound(manifest, closed) {
  const isOne = ["round", "suite", "bureau_key", "server_key"]
    .every((name) => manifest[name] === closed.manifest[name]);
  if (!isOne) throw new Error(say("日志属于另一批次。", "The log is of another round."));
}

async function check(row, closed) {
  const address = row.dataset.receipt;
  const [receipt, envelope, manifest] = await Promise.all(
    ["receipt", "envelope", "manifest"].map((part) => fetchDocument(`${address}/${part}`)),
  );
  checkManifest(manifest);
  await checkReceipt(receipt, manifest, envelope);
  if (closed === null) {
    return say("回执有效；列入证明在截止之后核验。", "The receipt is good; the proof comes after closing.");
  }
  checkOneRound(manifest, closed);
  if (!("hasProof" in row.dataset)) {
    throw new Error(say("信封不在日志中！请保存回执作为证据。", "The envelope is not in the log! Keep the receipt as evidence."));
  }
  const proof = await fetchDocument(`${address}/proof`);
  if (!(await provesInclusion(proof, closed.checkpoint, receipt.envelope))) {
    throw new Error(say("列入证明不成立！请保存回执作为证据。", "The proof does not hold! Keep the receipt as evidence."));
  }
  return say("回执有效，信封已列入日志。", "The receipt is good and the envelope is in the log.");
}

function show(row, words, isGood) {
  const place = row.querySelector("[data-verdict]");
  place.className = `status status-${isGood ? "good" : "bad"}`;
  place.textContent = words;
}

box?.querySelector("[data-verify]").addEventListener("click", async () => {
  const line = box.querySelector("[data-state]");
  line.textContent = say("正在核验……", "Checking…");
  let bad = 0;
  try {
    const closed = await checkedLog();
    for (const row of box.querySelectorAll("[data-receipt]")) {
      try {
        show(row, await check(row, closed), true);
      } catch (error) {
        bad += 1;
        show(row, error.message, false);
      }
    }
    line.textContent = bad === 0
      ? say("全部核验通过。", "Everything checks.")
      : say("有 {bad} 份未通过核验。", "{bad} did not check.", { bad });
  } catch (error) {
    line.textContent = error.message;
    bad = 1;
  }
  line.classList.toggle("bad", bad > 0);
});

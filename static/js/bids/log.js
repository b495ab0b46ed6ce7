// Checks the closed log in the browser: the server's signature, and the root over all leaves.

import { say } from "../language.js";
import { checkManifest } from "../sealing/documents.js";
import { checkCheckpoint, rootOfLeaves } from "../sealing/verify.js";
import { fetchDocument } from "./talk.js";

const box = document.getElementById("log");

box.querySelector("[data-verify]").addEventListener("click", async () => {
  const line = box.querySelector("[data-state]");
  line.textContent = say("正在核验……", "Checking…");
  try {
    const [log, manifest] = await Promise.all([box.dataset.log, box.dataset.manifest].map(fetchDocument));
    checkManifest(manifest);
    await checkCheckpoint(log.checkpoint, manifest);
    if ((await rootOfLeaves(log.leaves)) !== log.checkpoint.root) {
      throw new Error(say("摘要与平台签名的日志根不符！", "The digests do not give the signed root!"));
    }
    line.textContent = say("核验通过：{count} 个摘要与平台签名的日志根一致。", "Checked: {count} digests give the root that the server signed.", { count: log.leaves.length });
    line.classList.remove("bad");
  } catch (error) {
    line.textContent = error.message;
    line.classList.add("bad");
  }
});

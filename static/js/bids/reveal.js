// A bidder reveals the content key of its own envelope; the envelope's hash allows no other.

import { say } from "../language.js";
import { canonicalText } from "../sealing/canonical.js";
import { revealKey } from "../sealing/envelope.js";
import { withKey } from "./key_entry.js";
import { FieldError, fileText, post, showFault, tell } from "./talk.js";

const form = document.getElementById("reveal");

async function secretOf() {
  const field = document.getElementById("field-secret-file");
  let secret;
  try {
    secret = JSON.parse(await fileText(field));
  } catch (error) {
    if (error instanceof FieldError) throw error;
    secret = {};
  }
  if (secret.type !== "receipt-secret/1") {
    throw new FieldError(field, say("这不是内容密钥文件。", "This is no content key file."));
  }
  if (secret.envelope !== form.dataset.envelope) {
    throw new FieldError(field, say("这是另一份信封的内容密钥。", "This is the key of another envelope."));
  }
  return secret;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  showFault(form);
  try {
    const secret = await secretOf();
    await withKey(form, "bidder", async (seed) => {
      await post(form.dataset.post, canonicalText(await revealKey(secret, seed)));
    });
    tell(form, say("已收到。期限过后与其他报价同时解密。", "Received. It is decrypted with all others after the deadline."));
    form.querySelector("button").disabled = true;
  } catch (error) {
    if (showFault(form, error)) tell(form, "");
    else tell(form, error.message, true);
  }
});

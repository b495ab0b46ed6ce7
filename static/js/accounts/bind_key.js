// Binding a signing key: made or opened here, its statement signed here; the seal comes from outside.

import { withKey } from "../bids/key_entry.js";
import { FieldError, nextFrame, offer, showFault, tell } from "../bids/talk.js";
import { say } from "../language.js";
import { utf8 } from "../sealing/canonical.js";
import { lockKey, newSeed, PASSPHRASE_MIN } from "../sealing/keys.js";
import { forget, NAME, ready, sign, signingPair } from "../sealing/suite_intl1.js";

const binding = document.getElementById("bind-key");
const made = document.getElementById("made-key");
const template = document.getElementById("statement").textContent;

function hex(bytes) {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Sign the statement of this page with a seed's key and put all into the form. */
function fill(seed) {
  const pair = signingPair(seed);
  const open = hex(pair.open);
  const statement = template.replace("{suite}", NAME).replace("{public_key}", open);
  document.getElementById("statement").textContent = statement;
  binding.querySelector("[name=suite]").value = NAME;
  binding.querySelector("[name=public_key]").value = open;
  binding.querySelector("[name=key_signature]").value = hex(sign(pair, utf8(statement)));
  offer(made.querySelector("[data-statement]"), statement, "jicai-statement.txt");
  made.hidden = false;
  made.focus();
}

function passphraseOf(form) {
  const [first, again] = form.querySelectorAll("input[type=password]");
  if ([...first.value].length < PASSPHRASE_MIN) {
    throw new FieldError(first, say(
      "口令至少 {least} 个字符。", "At least {least} characters.", { least: PASSPHRASE_MIN },
    ));
  }
  if (first.value !== again.value) {
    throw new FieldError(again, say("两次输入的口令不同。", "The two passphrases differ."));
  }
  return first.value;
}

async function makeKey(form) {
  const passphrase = passphraseOf(form);
  tell(form, say("正在生成，需要几秒钟……", "Making the key takes a few seconds…"));
  await nextFrame();
  await ready;
  const seed = await newSeed();
  const link = made.querySelector("[data-file]");
  offer(link, await lockKey(seed, "bidder", passphrase), "jicai-signing-key.json");
  link.closest("li").hidden = false;
  fill(seed);
  forget(seed);
}

async function openKey(form) {
  await withKey(form, "bidder", async (seed) => {
    await ready;
    made.querySelector("[data-file]").closest("li").hidden = true;
    fill(seed);
  });
}

for (const [id, work] of [["make-key", makeKey], ["open-key", openKey]]) {
  const form = document.getElementById(id);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    showFault(form);
    try {
      await work(form);
      tell(form, say("声明已签名。", "The statement is signed."));
    } catch (error) {
      if (showFault(form, error)) tell(form, "");
      else tell(form, error.message, true);
    } finally {
      for (const field of form.querySelectorAll("input[type=password]")) field.value = "";
    }
  });
  // Before this script was there, the button would only have loaded the page again.
  form.querySelector("button[type=submit]").disabled = false;
}

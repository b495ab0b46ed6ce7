// A keyholder makes the round's key: file and words for the holder, public halves for the server.

import { say } from "../language.js";
import { canonicalText } from "../sealing/canonical.js";
import { lockKey, newSeed, PASSPHRASE_MIN, publicKeys, signWith } from "../sealing/keys.js";
import { wordsFromSeed } from "../sealing/paper_words.js";
import { forget, NAME } from "../sealing/suite_intl1.js";
import { FieldError, nextFrame, offer, post, showFault, tell } from "./talk.js";

const form = document.getElementById("make-key");
const made = document.getElementById("made-key");

function passphraseOf() {
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

async function statementOf(seed) {
  const document = {
    type: "holder-key/1", suite: NAME, round: form.dataset.round,
    seat: Number(form.dataset.seat), ...(await publicKeys(seed)),
  };
  return canonicalText(await signWith(seed, document));
}

function show(statement, file, words) {
  const { round, seat } = form.dataset;
  offer(made.querySelector("[data-file]"), file, `${round}-seat-${seat}-key.json`);
  made.querySelector("[data-words]").replaceChildren(...words.map((word) => {
    const item = document.createElement("li");
    item.textContent = word;
    return item;
  }));
  const send = made.querySelector("[data-send]");
  const kept = document.getElementById("field-kept");
  kept.addEventListener("change", () => { send.disabled = !kept.checked; });
  send.addEventListener("click", () => handOver(statement, send));
  form.hidden = true;
  made.hidden = false;
  made.focus();
}

async function handOver(statement, button) {
  const line = made.querySelector("[data-sent]");
  button.disabled = true;
  try {
    await post(form.dataset.post ?? `/rounds/${form.dataset.round}/keys`, statement);
    // The words leave the screen with the page.
    location.reload();
  } catch (error) {
    line.textContent = error.message;
    line.classList.add("bad");
    button.disabled = false;
  }
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  showFault(form);
  try {
    const passphrase = passphraseOf();
    tell(form, say("正在生成，需要几秒钟……", "Making the key takes a few seconds…"));
    await nextFrame();
    const list = document.getElementById("word-list").textContent.trim().split(" ");
    const seed = await newSeed();
    const file = await lockKey(seed, "holder", passphrase);
    show(await statementOf(seed), file, wordsFromSeed(seed, list));
    forget(seed);
    for (const field of form.querySelectorAll("input[type=password]")) field.value = "";
  } catch (error) {
    if (showFault(form, error)) tell(form, "");
    else tell(form, error.message, true);
  }
});

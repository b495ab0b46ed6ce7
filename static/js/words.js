// Under a price: the amount in words, and the cut against the ceiling (parts/fields.html, money_field).

import { cutBelow, inWords, plain, readAmount } from "./amounts.js";
import { say } from "./language.js";

function complaint(field) {
  const amount = readAmount(field.value);
  if (!amount) return say("不是金额。", "Not an amount.");
  const places = Number(field.dataset.money);
  if (amount.decimals.length > places) {
    return say("最多 {places} 位小数。", "At most {places} decimals.", { places });
  }
  return null;
}

function cutInWords(field) {
  const cut = field.dataset.ceiling ? cutBelow(field.value, field.dataset.ceiling) : null;
  if (!cut) return "";
  if (cut.sign < 0) {
    return say("，高于最高有效申报价 {percent}%", ", {percent}% above the ceiling", cut);
  }
  if (cut.sign === 0) return say("，等于最高有效申报价", ", equal to the ceiling");
  return say("，比最高有效申报价低 {percent}%", ", {percent}% below the ceiling", cut);
}

function show(output, field) {
  const typed = field.value.trim();
  const wrong = typed && complaint(field);
  const isAbove = typed && !wrong && cutBelow(typed, field.dataset.ceiling ?? "")?.sign < 0;
  const words = document.createElement("span");
  words.lang = "zh-Hans";
  words.textContent = typed && !wrong ? inWords(typed) : "";
  output.replaceChildren(words, wrong || (typed ? cutInWords(field) : ""));
  output.classList.toggle("bad", Boolean(wrong || isAbove));
}

/** Start writing under each field that asks for it. */
export function start(outputs) {
  for (const output of outputs) {
    const field = document.getElementById(output.dataset.wordsFor);
    field.addEventListener("input", () => show(output, field));
    field.addEventListener("change", () => {
      if (readAmount(field.value)) field.value = plain(field.value);
      show(output, field);
    });
    show(output, field);
  }
}

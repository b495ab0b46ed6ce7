// Numbers as typed: full-width digits and separators become plain ones, and what is no number is
// said at the field at once (parts/fields.html, number_field). The server checks again.

import { plain } from "./amounts.js";
import { say } from "./language.js";

function complaint(field) {
  const decimals = Number(field.dataset.number);
  const found = /^-?\d+(?:\.(\d+))?$/.exec(field.value);
  if (!found) {
    return decimals ? say("请填数字。", "Enter a number.") : say("请填整数。", "Enter a whole number.");
  }
  if ((found[1] ?? "").length <= decimals) return null;
  return decimals
    ? say("最多 {decimals} 位小数。", "At most {decimals} decimals.", { decimals })
    : say("请填整数。", "Enter a whole number.");
}

function check(field) {
  const typed = plain(field.value);
  if (/^-?[\d.]+$/.test(typed)) field.value = typed;
  const box = field.closest(".field") ?? field.parentElement;
  box.querySelector(".field-fault[data-typed]")?.remove();
  const words = field.value && complaint(field);
  field.setAttribute("aria-invalid", Boolean(words));
  if (!words) return;
  const line = document.createElement("p");
  line.className = "field-fault";
  line.dataset.typed = "";
  line.setAttribute("role", "alert");
  line.textContent = words;
  (field.closest(".field-line") ?? field).before(line);
}

/** Start checking each field when it is left. */
export function start(fields) {
  for (const field of fields) field.addEventListener("change", () => check(field));
}

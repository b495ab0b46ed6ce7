// Asks before a page with unsaved changes is left: form[data-warn-unsaved].

import { draftAtFirst, draftOf } from "./forms.js";

/** Start watching the forms. A saved draft or a form that is sent counts as saved. */
export function start(forms) {
  const changed = new Set();
  for (const form of forms) {
    if (draftOf(form) !== draftAtFirst(form)) changed.add(form);
    form.addEventListener("input", () => changed.add(form));
    form.addEventListener("submit", () => changed.delete(form));
    form.addEventListener("draft-saved", () => changed.delete(form));
  }
  window.addEventListener("beforeunload", (event) => {
    if (changed.size > 0) event.preventDefault();
  });
}

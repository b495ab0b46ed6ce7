// What a form holds, and what it held when it came.

/** Return the fields of a form that may leave the browser as a draft. */
export function draftOf(form) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    const field = form.elements.namedItem(name);
    const isKept = field?.dataset && ("secret" in field.dataset || field.type === "password");
    if (typeof value === "string" && !isKept) fields.append(name, value);
  }
  return fields.toString();
}

/** Return the same of the form as the server sent it, since people type before scripts have started. */
export function draftAtFirst(form) {
  const copy = form.cloneNode(true);
  copy.reset();
  return draftOf(copy);
}

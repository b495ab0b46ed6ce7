// A grid of fields by keyboard, and pasting from a spreadsheet: table[data-grid].

const FIELDS = "input:not([type=hidden]), select, textarea";

function place(field) {
  const cell = field.closest("td, th");
  return { row: cell.parentElement, column: cell.cellIndex };
}

function fieldAt(row, column) {
  return row?.cells[column]?.querySelector(FIELDS) ?? null;
}

function below(field, step) {
  const { row, column } = place(field);
  const next = (current) => (step > 0 ? current.nextElementSibling : current.previousElementSibling);
  for (let found = next(row); found; found = next(found)) {
    const target = fieldAt(found, column);
    if (target && !target.disabled) return target;
  }
  return null;
}

function beside(field, step) {
  const { row, column } = place(field);
  for (let at = column + step; at >= 0 && at < row.cells.length; at += step) {
    const target = fieldAt(row, at);
    if (target && !target.disabled) return target;
  }
  return null;
}

function isAtEdge(field, step) {
  if (field.selectionStart === null || field.selectionStart === undefined) return true;
  if (field.selectionStart !== field.selectionEnd) return false;
  return field.selectionStart === (step < 0 ? 0 : field.value.length);
}

function targetOf(field, key) {
  const isChoice = field.tagName === "SELECT" || field.tagName === "TEXTAREA";
  if (key === "Enter" && field.tagName !== "TEXTAREA") return below(field, 1);
  if (key === "ArrowDown" && !isChoice) return below(field, 1);
  if (key === "ArrowUp" && !isChoice) return below(field, -1);
  if (key === "ArrowRight" && !isChoice && isAtEdge(field, 1)) return beside(field, 1);
  if (key === "ArrowLeft" && !isChoice && isAtEdge(field, -1)) return beside(field, -1);
  return null;
}

function go(event) {
  const field = event.target;
  if (!field.matches(FIELDS) || event.isComposing || event.ctrlKey || event.metaKey) return;
  const target = targetOf(field, event.key);
  // Enter on the last row must not send a half-filled form.
  if (event.key === "Enter" && field.tagName === "INPUT") event.preventDefault();
  if (!target) return;
  event.preventDefault();
  target.focus();
  if (target.select) target.select();
}

/** Put lines of a spreadsheet into the grid, from a field on to the right and below. */
export function fill(field, text) {
  const lines = text.replace(/\r/g, "").replace(/\n$/, "").split("\n");
  let left = field;
  let filled = 0;
  for (const line of lines) {
    let target = left;
    for (const value of line.split("\t")) {
      if (!target) break;
      target.value = value.trim();
      target.dispatchEvent(new Event("input", { bubbles: true }));
      target.dispatchEvent(new Event("change", { bubbles: true }));
      filled += 1;
      target = beside(target, 1);
    }
    left = left && below(left, 1);
    if (!left) break;
  }
  return filled;
}

function paste(event) {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!event.target.matches(FIELDS) || !/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  fill(event.target, text);
}

/** Start the keyboard of each grid. */
export function start(tables) {
  for (const table of tables) {
    table.addEventListener("keydown", go);
    table.addEventListener("paste", paste);
  }
}

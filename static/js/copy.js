// Copies the text of another element: button[data-copy="#id"].

import { say } from "./language.js";

async function copy(button) {
  const source = document.querySelector(button.dataset.copy);
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
    button.textContent = say("已复制", "Copied");
  } catch {
    // Without encryption there is no clipboard object; the old command still copies what is marked.
    getSelection().selectAllChildren(source);
    button.textContent = document.execCommand("copy")
      ? say("已复制", "Copied")
      : say("已选中，请按 Ctrl+C", "Selected; press Ctrl+C");
  }
  setTimeout(() => (button.textContent = label), 2500);
}

/** Start the buttons. */
export function start(buttons) {
  for (const button of buttons) button.addEventListener("click", () => copy(button));
}

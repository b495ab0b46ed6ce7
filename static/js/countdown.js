// Keeps the countdowns of parts/deadline.html going, by the server's clock.

import { askServer, serverNow } from "./clock.js";
import { say } from "./language.js";

const HOUR = 3600;
const ANNOUNCED = [HOUR, 600, 60];

/** Return what is left in words: days and hours, then hours and minutes, then seconds. */
export function timeLeft(seconds) {
  if (seconds <= 0) return say("已截止", "Closed");
  const days = Math.floor(seconds / 86400);
  const hours = Math.floor((seconds % 86400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (days) return say("还有 {days} 天 {hours} 小时", "{days} d {hours} h left", { days, hours });
  if (hours) {
    return say("还有 {hours} 小时 {minutes} 分", "{hours} h {minutes} min left", { hours, minutes });
  }
  const rest = seconds % 60;
  return say("还有 {minutes} 分 {rest} 秒", "{minutes} min {rest} s left", { minutes, rest });
}

function show(bar, announce) {
  const seconds = Math.floor((Date.parse(bar.dataset.deadline) - serverNow()) / 1000);
  const before = Number(bar.dataset.seconds ?? seconds);
  bar.dataset.seconds = seconds;
  bar.classList.toggle("deadline-near", seconds > 0 && seconds <= HOUR);
  bar.classList.toggle("deadline-over", seconds <= 0);
  bar.querySelector("[data-left]").textContent = timeLeft(seconds);
  // Only a few moments are read out: a voice that counts seconds helps nobody.
  const passed = [...ANNOUNCED, 0].some((mark) => before > mark && seconds <= mark);
  if (passed) announce(`${bar.querySelector(".deadline-label").textContent} ${timeLeft(seconds)}`);
  if (before > 0 && seconds <= 0) bar.dispatchEvent(new CustomEvent("deadline", { bubbles: true }));
}

function makeAnnouncer() {
  const voice = document.createElement("div");
  voice.className = "sr-only";
  voice.setAttribute("role", "status");
  document.body.append(voice);
  return (words) => {
    voice.textContent = words;
  };
}

/** Start the countdowns; each fires the event "deadline" when it ends. */
export function start(bars) {
  const announce = makeAnnouncer();
  const all = () => bars.forEach((bar) => show(bar, announce));
  all();
  setInterval(all, 1000);
  document.addEventListener("visibilitychange", async () => {
    if (document.hidden) return;
    await askServer();
    all();
  });
}

// Asks how far a job is, every two seconds: [data-job="/address"] (parts/progress.html).

import { grouped, say } from "./language.js";

const EVERY = 2000;
const LONGEST = 30000;

function show(box, job) {
  const bar = box.querySelector("progress");
  if (job.total) {
    bar.max = job.total;
    bar.value = job.done;
    box.querySelector("[data-job-total]").textContent = grouped(job.total);
  }
  box.querySelector("[data-job-done]").textContent = grouped(job.done ?? 0);
  const words = box.querySelector("[data-job-words]");
  const said = say(job.zh ?? "", job.en ?? "");
  if (said && words.textContent !== said) words.textContent = said;
}

async function follow(box) {
  let pause = EVERY;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (document.hidden) continue;
    try {
      const answer = await fetch(box.dataset.job, { headers: { accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const job = await answer.json();
      pause = EVERY;
      show(box, job);
      if (job.state === "done" || job.state === "failed") {
        location.assign(job.next ?? location.href);
        return;
      }
    } catch {
      // The work goes on without us; ask less often until the server answers again.
      pause = Math.min(pause * 2, LONGEST);
    }
  }
}

/** Start following each job on the page. */
export function start(boxes) {
  for (const box of boxes) {
    box.querySelector("[data-job-reload]")?.remove();
    follow(box);
  }
}

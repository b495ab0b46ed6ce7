// Keeps the day of the opening up to date: asks whether anything has happened, and only then
// fetches the page again and puts its progress in place of the old one.

const EVERY = 3000;
const LONGEST = 60000;

const live = document.querySelector("[data-live]");

async function asked(address) {
  const answer = await fetch(address, { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer;
}

async function renew() {
  const page = await (await fetch(location.href)).text();
  const fresh = new DOMParser().parseFromString(page, "text/html").querySelector("[data-live]");
  // Without a progress it is another page, as after a sign-out: leave that to the reader.
  if (!fresh) return;
  live.replaceChildren(...fresh.childNodes);
  live.dataset.state = fresh.dataset.state;
}

async function follow() {
  let pause = EVERY;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (document.hidden) continue;
    try {
      const { state } = await (await asked(live.dataset.live)).json();
      if (state !== live.dataset.state) await renew();
      pause = EVERY;
    } catch {
      pause = Math.min(pause * 2, LONGEST);
    }
  }
}

if (live) follow();

// The server's clock. A visitor's own clock may be wrong by hours; a deadline is not.

const navigation = performance.getEntriesByType("navigation")[0];
// In a rehearsal the server's clock may run faster.
let speed = Number(document.documentElement.dataset.clockSpeed ?? 1);
const stamped = Date.parse(document.documentElement.dataset.serverMoment ?? "");

// The server stamped the page after the request was sent, so counting from the sending never
// shows more time than is left.
let anchor = {
  server: Number.isNaN(stamped) ? Date.now() : stamped,
  elapsed: navigation ? navigation.requestStart : 0,
  wall: Date.now() - performance.now() + (navigation ? navigation.requestStart : 0),
};

/** Return the server's time in milliseconds since 1970. */
export function serverNow() {
  // Some browsers stop performance.now() while the computer sleeps; the wall clock goes on.
  const elapsed = performance.now() - anchor.elapsed;
  const slept = Date.now() - anchor.wall - elapsed;
  return anchor.server + (elapsed + (slept > 2000 ? slept : 0)) * speed;
}

/** Ask the server for its time; a failed request keeps what was known. */
export async function askServer(address = "/clock") {
  const elapsed = performance.now();
  const wall = Date.now();
  try {
    const answer = await fetch(address, { cache: "no-store", headers: { accept: "application/json" } });
    const said = answer.ok ? await answer.json() : {};
    const moment = Date.parse(said.moment ?? "");
    if (!Number.isNaN(moment)) {
      anchor = { server: moment, elapsed, wall };
      speed = said.speed ?? 1;
    }
  } catch {
    // Without a connection the countdown goes on by itself.
  }
}

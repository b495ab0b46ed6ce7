/* One finding of an examination: the twin of bidding/sealing/evidence/finding.py. */

/** `outcome` is holds, fails or unchecked; `blame` and `party` say who is at fault. */
export function finding(about, outcome, [zh, en], { blame = null, party = "", lacking = false } = {}) {
  return { about, outcome, zh, en, blame, party, lacking };
}

export const holds = (about, words) => finding(about, "holds", words);
export const unchecked = (about, words) => finding(about, "unchecked", words);
export const lacking = (about, words) => finding(about, "unchecked", words, { lacking: true });

export function fails(about, words, blame = "unknown", party = "") {
  return finding(about, "fails", words, { blame, party });
}

/** The finding of a check that throws where something is wrong. */
export function trial(about, words, check) {
  try {
    check();
  } catch (error) {
    return fails(about, [`不成立：${error.message}`, `Does not hold: ${error.message}`]);
  }
  return holds(about, words);
}

export function withoutManifest(about) {
  return lacking(about, [
    "未核对：材料中没有它的清单（manifest），或该清单不成立。",
    "Not checked: its manifest is not in the bundle, or does not hold.",
  ]);
}

export const short = (digest) => digest.slice(0, 12);

/** Throws what a check says where it does not hold. */
export function must(isSo, words) {
  if (!isSo) throw new Error(words);
}

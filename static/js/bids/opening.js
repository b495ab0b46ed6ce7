// A keyholder unseals all own shares after the opening time and posts them, signed, in portions.

import { serverNow } from "../clock.js";
import { say } from "../language.js";
import { canonicalText } from "../sealing/canonical.js";
import { manifestDigest } from "../sealing/documents.js";
import { postShares, TooEarlyError, WrongKeyError } from "../sealing/open.js";
import { withKey } from "./key_entry.js";
import { fetchDocument, post, showFault, tell } from "./talk.js";

const form = document.getElementById("unseal");
const bar = form.querySelector("[data-progress]");

async function manifests() {
  const found = await Promise.all(form.dataset.manifests.split(" ").map(fetchDocument));
  return new Map(found.map((manifest) => [manifestDigest(manifest), manifest]));
}

function byManifest(envelopes) {
  const groups = new Map();
  for (const envelope of envelopes) {
    groups.set(envelope.manifest, [...(groups.get(envelope.manifest) ?? []), envelope]);
  }
  return groups;
}

async function unsealAll(seed) {
  const known = await manifests();
  let cursor = null;
  let done = 0;
  let wrong = 0;
  do {
    const query = cursor === null ? "" : `?cursor=${encodeURIComponent(cursor)}`;
    const page = await fetchDocument(form.dataset.envelopes + query);
    for (const [digest, envelopes] of byManifest(page.items)) {
      const before = done;
      const posting = await postShares(known.get(digest), envelopes, Number(form.dataset.seat), seed, {
        moment: new Date(serverNow()), opensAt: form.dataset.opensAt,
        onProgress: (count) => { bar.value = before + count; },
      });
      const answer = await post(form.dataset.post, canonicalText(posting));
      wrong += JSON.parse(answer.text).wrong.length + posting.failed.length;
      done += envelopes.length;
    }
    cursor = page.next_cursor;
  } while (cursor !== null);
  return { done, wrong };
}

function wordsFor(error) {
  if (error instanceof WrongKeyError) {
    return say("这不是本席位在本批次的密钥文件。", "This is not the key file of your seat in this round.");
  }
  if (error instanceof TooEarlyError) return say("未到开标时间。", "The opening time has not come.");
  return error.message;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  showFault(form);
  bar.hidden = false;
  try {
    const { done, wrong } = await withKey(form, "holder", unsealAll);
    if (wrong === 0) {
      location.reload();
      return;
    }
    tell(form, say("已提交 {done} 份，其中 {wrong} 份打不开或不符。", "{done} posted, of which {wrong} do not open or fit.", { done, wrong }), true);
  } catch (error) {
    bar.hidden = true;
    if (showFault(form, error)) tell(form, "");
    else tell(form, wordsFor(error), true);
  }
});

// A keyholder unseals the share of the rehearsal envelope.

import { say } from "../language.js";
import { canonicalText } from "../sealing/canonical.js";
import { postShares, WrongKeyError } from "../sealing/open.js";
import { withKey } from "./key_entry.js";
import { fetchDocument, post, showFault, tell } from "./talk.js";

const form = document.getElementById("unseal");

async function unseal(seed) {
  const { documents, post: address, seat } = form.dataset;
  const { manifest, envelope } = await fetchDocument(documents);
  const posting = await postShares(manifest, [envelope], Number(seat), seed, { moment: new Date() });
  const answer = await post(address, canonicalText(posting));
  return JSON.parse(answer.text).fits;
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  showFault(form);
  try {
    const fits = await withKey(form, "holder", unseal);
    if (fits) location.reload();
    else tell(form, say("份额不符：请检查是否为本批次的密钥文件。", "The share does not fit: is it this round's key file?"), true);
  } catch (error) {
    if (showFault(form, error)) tell(form, "");
    else tell(form, wordsFor(error), true);
  }
});

function wordsFor(error) {
  return error instanceof WrongKeyError
    ? say("这不是本席位在本批次的密钥文件。", "This is not the key file of your seat in this round.")
    : error.message;
}

// A key file and its passphrase, as a form asks for them; the seed is wiped after its use.

import { say } from "../language.js";
import { KeyFileError, unlockKey } from "../sealing/keys.js";
import { forget } from "../sealing/suite_intl1.js";
import { FieldError, fileText, nextFrame, tell } from "./talk.js";

const CAUSES = {
  kind: () => say("这不是密钥文件，或文件已损坏。", "This is no key file, or it is damaged."),
  use: () => say("这是另一种用途的密钥文件。", "This key file is for another use."),
  passphrase: () => say("口令不对，或文件被改动过。", "The passphrase is wrong, or the file was changed."),
};

/**
 * Open the key file of a form and use its seed.
 * @param use `holder` or `bidder`.
 * @param work Receives the seed.
 */
export async function withKey(form, use, work) {
  const file = form.querySelector("input[type=file][id$=key-file], input[type=file][id$=withdraw-file]");
  const passphrase = form.querySelector("input[type=password]");
  const text = await fileText(file);
  if (!passphrase.value) throw new FieldError(passphrase, say("请输入口令。", "Enter the passphrase."));
  tell(form, say("正在打开密钥文件，需要几秒钟……", "Opening the key file takes a few seconds…"));
  await nextFrame();
  let seed;
  try {
    seed = await unlockKey(text, passphrase.value, use);
  } catch (error) {
    if (!(error instanceof KeyFileError)) throw error;
    throw new FieldError(error.reason === "passphrase" ? passphrase : file, CAUSES[error.reason]());
  }
  try {
    return await work(seed);
  } finally {
    forget(seed);
    passphrase.value = "";
  }
}

// A draft of prices, in this browser only, encrypted with a key that cannot be taken out of it.

const DATABASE = "jicai-bid-drafts";
const STORE = "kept";

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function within(mode, work) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const request = work(database.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } finally {
    database.close();
  }
}

async function draftKey() {
  const known = await within("readonly", (store) => store.get("key"));
  if (known) return known;
  // Not extractable: neither a script nor a copied profile file gives the key away as bytes.
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
    "encrypt", "decrypt",
  ]);
  await within("readwrite", (store) => store.put(made, "key"));
  return made;
}

/** Keep the fields of a form under a name. */
export async function keepDraft(name, fields) {
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const plaintext = new TextEncoder().encode(JSON.stringify(fields).padEnd(8192));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, await draftKey(), plaintext);
  await within("readwrite", (store) => store.put({ nonce, sealed }, name));
}

/** The fields that were kept, or null. */
export async function readDraft(name) {
  const kept = await within("readonly", (store) => store.get(name));
  if (!kept) return null;
  try {
    const plaintext = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: kept.nonce }, await draftKey(), kept.sealed,
    );
    return JSON.parse(new TextDecoder().decode(plaintext));
  } catch {
    return null;
  }
}

export async function dropDraft(name) {
  await within("readwrite", (store) => store.delete(name));
}

/* Reading a ZIP archive in the page: stored and deflated entries, nothing else. */

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const SIZE_MAX = 2 ** 30;
const ENTRIES_MAX = 100000;

function must(isSo) {
  if (!isSo) throw new Error("ZIP archive: cannot be read");
}

/** The `.json` files of an archive, by name. */
export async function unzip(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOf(view);
  const count = view.getUint16(end + 10, true);
  must(count <= ENTRIES_MAX);
  const files = new Map();
  let at = view.getUint32(end + 16, true);
  let unpacked = 0;
  for (let number = 0; number < count; number += 1) {
    must(at + 46 <= view.byteLength && view.getUint32(at, true) === ENTRY);
    const entry = entryAt(view, bytes, at);
    unpacked += entry.size;
    must(unpacked <= SIZE_MAX);
    if (entry.name.endsWith(".json")) files.set(entry.name, await contentOf(view, bytes, entry));
    at = entry.next;
  }
  return files;
}

function endOf(view) {
  // A comment of at most 65,535 bytes may follow.
  const last = view.byteLength - 22;
  for (let at = last; at >= 0 && at > last - 65536; at -= 1) {
    if (view.getUint32(at, true) === END) return at;
  }
  throw new Error("ZIP archive: cannot be read");
}

function entryAt(view, bytes, at) {
  const [nameSize, extraSize, commentSize] = [28, 30, 32].map((one) => view.getUint16(at + one, true));
  const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameSize));
  return {
    name, method: view.getUint16(at + 10, true), packed: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true), local: view.getUint32(at + 42, true),
    next: at + 46 + nameSize + extraSize + commentSize,
  };
}

async function contentOf(view, bytes, { method, packed, size, local }) {
  must(local + 30 <= view.byteLength);
  const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const content = bytes.subarray(start, start + packed);
  must(content.length === packed && (method === 0 || method === 8));
  if (method === 0) return content;
  const stream = new Blob([content]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const inflated = new Uint8Array(await new Response(stream).arrayBuffer());
  must(inflated.length === size);
  return inflated;
}

/* Runs the browser's verifier over cases, under node: vectors on standard input, findings out. */

import { examineFiles } from "../../../static/js/verify/examine.js";

let asked = "";
for await (const chunk of process.stdin) asked += chunk;
const { bureau_key: bureauKey, cases } = JSON.parse(asked);
const said = [];
for (const files of cases) {
  const bytes = new Map(Object.entries(files).map(
    ([name, base64]) => [name, Uint8Array.from(Buffer.from(base64, "base64"))],
  ));
  try {
    const findings = await examineFiles(bytes, bureauKey);
    said.push(findings.map(({ about, outcome, blame, party, zh, en }) => (
      { about, outcome, blame, party, zh, en })));
  } catch (error) {
    said.push({ error: error.stack });
  }
}
process.stdout.write(JSON.stringify(said));

// Compares the module's sizes with size.json; with `write` writes them there. Growth above 3 % needs a new `why`.

import { readFile, writeFile } from "node:fs/promises";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const ALLOWED = 1.03;

const file = new URL("../size.json", import.meta.url);
const bytes = await readFile(new URL("../pkg/crm.wasm", import.meta.url));
const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
const found = { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes, { params }).length };
const known = JSON.parse(await readFile(file, "utf8"));
console.log(`crm.wasm: ${found.raw} bytes, gzip ${found.gzip}, brotli ${found.brotli}`);
if (process.argv[2] === "write") {
  await writeFile(file, `${JSON.stringify({ ...known, ...found }, null, 2)}\n`);
} else {
  const grown = Object.keys(found).filter((name) => found[name] > known[name] * ALLOWED);
  if (grown.length > 0) {
    console.error(`grown by more than 3 %: ${grown.join(", ")}. Say why in crm-wasm/size.json, and: node crm-wasm/tests/size.mjs write`);
    process.exit(1);
  }
}

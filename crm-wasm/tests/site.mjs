// For the browser's tests: a project in which the packed package is installed, what it serves, and a browser that looks at it.

import { execFileSync } from "node:child_process";
import { cp, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { chromium } from "playwright-core";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm" };

/** An empty project with the tarball installed and the pages of `tests/site` in it. Gives its folder. */
export async function project() {
  const folder = await mkdtemp(join(tmpdir(), "crm-web-"));
  await writeFile(join(folder, "package.json"), '{ "name": "empty", "private": true, "type": "module" }');
  execFileSync("npm", ["install", "--offline", "--no-audit", "--no-fund", "--silent", process.env.CRM_TARBALL], { cwd: folder, stdio: "inherit" });
  await cp(new URL("./site/", import.meta.url), folder, { recursive: true });
  return folder;
}

/** Serves a folder. Gives its port and what ends it. */
export async function serve(folder) {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, "http://x").pathname);
    const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
    try {
      const body = await readFile(file);
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { port: server.address().port, end: () => server.close() };
}

/** A browser with a profile of its own, which is kept until `end`. */
export async function browser(profile) {
  return chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
      ...["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"],
      "--host-resolver-rules=MAP insecure.test 127.0.0.1",
    ],
  });
}

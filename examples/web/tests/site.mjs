// Serves the built desk as any plain web server does, and opens it in Chromium.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
};

/** Serves what `vite build` has written. Gives its address and what ends it. */
export async function serve(folder = fileURLToPath(new URL("../dist/", import.meta.url)), port = 0) {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, "http://localhost").pathname);
    const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
    try {
      const body = await readFile(file);
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((listening) => server.listen(port, "127.0.0.1", listening));
  return {
    address: `http://localhost:${server.address().port}/`,
    end: () => new Promise((ended) => (server.closeAllConnections(), server.close(ended))),
  };
}

/** A browser with an empty profile of its own. */
export async function browser(options = {}) {
  const profile = await mkdtemp(join(tmpdir(), "quote-desk-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-dev-shm-usage",
    ],
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Asia/Shanghai",
    ...options,
  });
  context.setDefaultTimeout(20_000);
  return {
    context,
    end: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

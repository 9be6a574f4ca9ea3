import react from "@vitejs/plugin-react";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";

export default defineConfig({
  base: "./",
  plugins: [react(), ourLanguages(), offline()],
  worker: { format: "es" },
  // It finds its worker and its module beside itself.
  optimizeDeps: { exclude: ["crm-engine"] },
  build: { target: "es2022", assetsInlineLimit: 0, chunkSizeWarningLimit: 800 },
  preview: { port: 4173 },
});

/** Leaves out what the components say in languages that the desk has not. */
function ourLanguages(): Plugin {
  return {
    name: "our-languages",
    apply: "build",
    load(id) {
      const [, language] = /react-(?:aria|stately)[^]*\/intl\/(?:\w+\/)?(\w\w-\w\w)\.mjs$/.exec(id) ?? [];
      return language && !["en-US", "zh-CN", "zh-TW"].includes(language) ? "export default {};" : null;
    },
  };
}

/** Writes `sw.js`: the service worker with the names of all files of this build. */
function offline(): Plugin {
  return {
    name: "offline",
    apply: "build",
    generateBundle(_, bundle) {
      const files = ["./", ...readdirSync("public"), ...Object.keys(bundle).filter((name) => name !== "index.html")].sort();
      const contents = createHash("sha256");
      for (const one of Object.values(bundle)) contents.update(one.type === "chunk" ? one.code : one.source);
      const source = readFileSync("src/offline/worker.js", "utf8")
        .replace("__VERSION__", JSON.stringify(contents.digest("hex").slice(0, 16)))
        .replace("__FILES__", JSON.stringify(files));
      this.emitFile({ type: "asset", fileName: "sw.js", source });
    },
  };
}

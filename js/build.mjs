// Builds qa_audit/widgets/static/: clip.js, player.js, player.css and the licence of what is bundled.
// `node build.mjs FOLDER` builds elsewhere, for comparison.
import { copyFile, mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import path from "node:path";
import { build } from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(process.argv[2] ?? path.join(here, "../qa_audit/widgets/static"));

await mkdir(out, { recursive: true });
await build({
  absWorkingDir: here,
  entryPoints: { clip: "src/clip.js", player: "src/player.js" },
  bundle: true,
  format: "esm",
  minify: true,
  charset: "utf8",
  target: ["chrome100", "firefox102", "safari16.4"],
  legalComments: "none",
  outdir: out,
  logLevel: "warning",
});
await build({
  absWorkingDir: here,
  entryPoints: { player: "src/player.css" },
  minify: true,
  charset: "utf8",
  target: ["chrome105", "firefox110", "safari16.4"],
  outdir: out,
  logLevel: "warning",
});
await copyFile(
  path.join(here, "node_modules/wavesurfer.js/LICENSE"),
  path.join(out, "LICENSE.wavesurfer.txt"),
);

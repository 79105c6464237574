// Bundles the dashboard into a folder: hashed names, compressed forms, and the page that names them.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const output = process.argv[2] ?? join(here, "dist");
const building = `${output}.building`;
const assets = join(building, "assets");

rmSync(building, { recursive: true, force: true });
mkdirSync(assets, { recursive: true });
const metafile = join(building, "meta.json");
execFileSync("esbuild", [
    join(here, "src/main.tsx"), "--bundle", "--minify", "--format=esm", "--target=es2021", "--jsx=automatic",
    `--tsconfig=${join(here, "tsconfig.esbuild.json")}`, "--define:process.env.NODE_ENV=\"production\"",
    "--entry-names=[name]-[hash]", `--metafile=${metafile}`, `--outdir=${assets}`, "--log-level=warning",
], { stdio: "inherit", env: { ...process.env, NODE_PATH: "/usr/share/nodejs" } });

// Two copies of React draw nothing and say little.
const inputs = Object.keys(JSON.parse(readFileSync(metafile, "utf8")).inputs);
const copies = inputs.filter((name) => /\/react\/cjs\/react\.[a-z.]+\.js$/.test(name));
if (copies.length !== 1) throw new Error(`the bundle has ${copies.length} copies of React: ${copies.join(", ")}`);
rmSync(metafile);

const digest = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 8).toUpperCase();
const icon = `icon-${digest(readFileSync(join(here, "src/icon.svg")))}.svg`;
cpSync(join(here, "src/icon.svg"), join(assets, icon));
const names = readdirSync(assets);
const named = { icon, script: names.find((name) => name.endsWith(".js")),
    style: names.find((name) => name.endsWith(".css")) };
const page = readFileSync(join(here, "index.html"), "utf8").replace(/\{\{(\w+)\}\}/g, (_, part) => named[part]);
writeFileSync(join(building, "index.html"), page);

let total = 0;
for (const file of [join(building, "index.html"), ...names.map((name) => join(assets, name))]) {
    const compressed = gzipSync(readFileSync(file), { level: 9 });
    writeFileSync(`${file}.gz`, compressed);
    total += compressed.length;
}
rmSync(output, { recursive: true, force: true });
renameSync(building, output);

const limit = 180 * 1000;
console.log(`dashboard: ${(total / 1000).toFixed(1)} kB compressed, ${limit / 1000} kB allowed`);
if (total > limit) process.exit(1);

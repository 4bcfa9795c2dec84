// Take pictures of a site to be looked at: its chapters and one page of each kind, on a phone, on a laptop and on paper.
// Usage: node screenshots.mjs FOLDER PICTURES. Nothing is judged here.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { addressOf, firstOfEach, open, pagesOf } from "./browser.mjs";

const SCREENS = { phone: { width: 390, height: 844 }, laptop: { width: 1366, height: 768 } };
const MARGIN = { top: "15mm", bottom: "15mm", left: "15mm", right: "15mm" };
const DPI = "60";

const [folder, pictures] = process.argv.slice(2);
const { chapters, entities, sources } = pagesOf(folder);
rmSync(pictures, { recursive: true, force: true });
mkdirSync(pictures, { recursive: true });

const browser = await open();
const page = await (await browser.newContext({ locale: "sv-SE" })).newPage();
for (const file of [...chapters, ...firstOfEach(entities), ...firstOfEach(sources)]) {
  const name = join(pictures, file.replace(/\.html$/, "").replaceAll("/", "-"));
  for (const [screen, size] of Object.entries(SCREENS)) {
    await page.setViewportSize(size);
    await page.goto(addressOf(folder) + file);
    await page.screenshot({ path: `${name}.${screen}.png`, fullPage: true });
  }
  await page.pdf({ path: `${name}.pdf`, format: "A4", margin: MARGIN });
  execFileSync("pdftoppm", ["-r", DPI, "-png", `${name}.pdf`, `${name}.print`]);
  rmSync(`${name}.pdf`);
}
await browser.close();

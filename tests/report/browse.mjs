// Open every page of a site from disk and print, as JSON, what a browser finds there. The tests judge it, not this.
// Usage: node browse.mjs FOLDER. With BOKSLUT_AXE=all axe also reads every page of sources, not only a sample.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { addressOf, firstOfEach, open, pagesOf } from "./browser.mjs";

const PHONE = { width: 390, height: 844 };
const SMALLEST = { width: 320, height: 640 };
const DESK = { width: 1280, height: 800 };
const SAMPLE = 20; // pages of sources that axe reads
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf-8");

const folder = process.argv[2].replace(/\/+$/, "");
const site = addressOf(folder);
const { files, chapters, entities, sources } = pagesOf(folder);
const every = Math.max(1, Math.ceil(sources.length / SAMPLE));
const read = new Set([
  ...chapters,
  ...entities,
  ...sources.filter((_, index) => process.env.BOKSLUT_AXE === "all" || index % every === 0),
]);

const browser = await open();

// A tab of its own, and what went wrong in it since it last went to a page.
const newTab = async (options) => {
  const page = await (await browser.newContext({ viewport: DESK, locale: "sv-SE", ...options })).newPage();
  const told = { errors: [], outside: [] };
  // what the content security policy stops is told on the console too
  page.on("console", (message) => message.type() === "error" && told.errors.push(message.text()));
  page.on("pageerror", (error) => told.errors.push(String(error)));
  page.on("requestfailed", (request) => told.errors.push(`not loaded: ${request.url()}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(site) && !request.url().startsWith("data:")) told.outside.push(request.url());
  });
  return { page, told };
};

const { page, told } = await newTab({});

const visit = async (file) => {
  told.errors = [];
  told.outside = [];
  await page.goto(site + file);
};

const unfold = () => page.evaluate(() => document.querySelectorAll("details").forEach((each) => { each.open = true; }));

// ------------------------------------------------------------------------------------------------- every page by itself

const overflow = async (size) => {
  await page.setViewportSize(size);
  await unfold();
  return page.evaluate((width) => {
    const root = document.scrollingElement;
    if (root.scrollWidth <= root.clientWidth) return null;
    const scrolls = (element) =>
      element && element !== document.body && (getComputedStyle(element).overflowX !== "visible" || scrolls(element.parentElement));
    const wide = [...document.body.querySelectorAll("*")].filter(
      (element) => element.getBoundingClientRect().right > root.clientWidth + 1 && !scrolls(element.parentElement),
    );
    return { width, page: root.scrollWidth, elements: wide.slice(-3).map((element) => element.outerHTML.slice(0, 120)) };
  }, size.width);
};

const axe = async (width) => {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  return page.evaluate(
    async ({ width, RULES }) => {
      const options = { runOnly: RULES, resultTypes: ["violations"], preload: false };
      const { violations } = await window.axe.run(document, options);
      return violations.map(({ id, help, nodes }) => ({
        width,
        rule: id,
        help,
        count: nodes.length,
        elements: nodes.slice(0, 3).map((node) => `${node.target.join(" ")}: ${node.html.slice(0, 160)}`),
      }));
    },
    { width, RULES },
  );
};

// All text of a page but that of the controls that a script adds.
const textOf = () => {
  const copy = document.body.cloneNode(true);
  copy.querySelectorAll("script, [role=search], .filter").forEach((each) => each.remove());
  return copy.textContent.replace(/\s+/g, " ").trim();
};

const links = () => ({
  ids: [...document.querySelectorAll("[id]")].map((element) => element.id),
  links: [...document.querySelectorAll("a[href]")].map((element) => element.href),
});

// What is not seen of a page, but for what is folded and can be opened, and which controls are.
const seen = () => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const hidden = [];
  while (walker.nextNode()) {
    const { parentElement: parent, data } = walker.currentNode;
    const isFolded = parent.closest("details:not([open]), svg") !== null;
    if (data.trim() && !isFolded && !parent.checkVisibility()) hidden.push(data.trim().slice(0, 80));
  }
  const controls = [...document.querySelectorAll("button, input, select, textarea")];
  return { hidden, controls: controls.filter((each) => each.checkVisibility()).map((each) => each.outerHTML.slice(0, 120)) };
};

const withScript = async (file) => {
  await visit(file);
  const text = await page.evaluate(textOf);
  const targets = await page.evaluate(links);
  const wide = [await overflow(SMALLEST), await overflow(PHONE)];
  const violations = chapters.includes(file) ? await axe(PHONE.width) : [];
  wide.push(await overflow(DESK));
  if (read.has(file)) violations.push(...(await axe(DESK.width)));
  return { ...told, text, targets, axe: violations, overflow: wide.filter(Boolean) };
};

const inTurn = async (names, look) => {
  const found = {};
  for (const name of names) found[name] = await look(name);
  return found;
};

// the same pages without script in a tab of their own, at the same time: a phone shows what a desk leaves out of the menu
const withoutScript = async () => {
  const { page, told } = await newTab({ javaScriptEnabled: false, viewport: PHONE });
  const found = await inTurn(files, async (file) => {
    await page.goto(site + file);
    return { text: await page.evaluate(textOf), ...(await page.evaluate(seen)) };
  });
  return { found, ...told };
};

const [scripted, plain] = await Promise.all([inTurn(files, withScript), withoutScript()]);

const broken = (link) => {
  if (!link.startsWith("file:")) return !/^(https|mailto):/.test(link);
  const [address, anchor] = link.split("#");
  const target = scripted[decodeURI(address).slice(decodeURI(site).length)]?.targets;
  return !target || Boolean(anchor && !target.ids.includes(decodeURIComponent(anchor)));
};

const pages = {};
for (const [file, { text, targets, ...found }] of Object.entries(scripted)) {
  const { text: plainText, ...shown } = plain.found[file];
  pages[file] = {
    ...found,
    broken_links: [...new Set(targets.links)].filter(broken),
    without_script: { ...shown, has_all_text: plainText === text },
  };
}

// ------------------------------------------------------------------------------------------- what a person does with them

// Go through a page with Tab: what cannot be reached, what does not show that it is reached, and where the first Tab goes.
const keyboard = async (file) => {
  await visit(file);
  const count = await page.evaluate(async () => {
    // what scrolls is known when the page has been laid out
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
    const scrolls = (element) =>
      ["auto", "scroll"].includes(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth;
    const wanted = [...document.body.querySelectorAll("*")].filter(
      (element) =>
        element.checkVisibility() &&
        (element.matches("a[href], button, input, select, textarea, summary, [tabindex='0']") || scrolls(element)),
    );
    window.walk = { wanted, reached: new Set(), unseen: [], first: null };
    document.addEventListener("focusin", ({ target }) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(target);
      const box = target.getBoundingClientRect();
      if (outlineStyle === "none" || !parseFloat(outlineWidth) || !box.width) window.walk.unseen.push(target);
      window.walk.first ??= target;
      window.walk.reached.add(target);
    });
    return wanted.length;
  });
  await page.keyboard.press("Tab");
  const skip = await page.evaluate(() => {
    const box = document.activeElement.getBoundingClientRect();
    return document.activeElement.hash === "#" + document.querySelector("main").id && box.left >= 0 && box.top >= 0;
  });
  for (let press = 1; press < count; press += 1) await page.keyboard.press("Tab");
  const found = await page.evaluate(() => {
    const shown = (element) => element.outerHTML.slice(0, 120);
    const { wanted, reached, unseen } = window.walk;
    return { missed: wanted.filter((element) => !reached.has(element)).map(shown), unseen: unseen.map(shown) };
  });
  await visit(file);
  await page.keyboard.press("Tab");
  if (skip) await page.keyboard.press("Enter");
  const lands = await page.evaluate(() => document.activeElement.tagName === "MAIN");
  return { stops: count, skip_link_first: skip, skip_link_lands: lands, ...found };
};

// Sort by every column of every table of a page with Enter, both ways.
const sorting = async (file) => {
  await visit(file);
  await unfold();
  const problems = [];
  const heads = await page.locator(".table thead th button").all();
  for (const head of heads) {
    await head.focus();
    for (const direction of ["ascending", "descending"]) {
      await page.keyboard.press("Enter");
      const problem = await head.evaluate((button, direction) => {
        const th = button.closest("th");
        const sorted = [...th.parentElement.cells].map((cell) => cell.getAttribute("aria-sort"));
        const numbers = [...th.closest("table").tBodies[0].rows]
          .map((row) => row.cells[th.cellIndex].dataset.value)
          .filter((value) => value !== undefined)
          .map(Number);
        if (direction === "descending") numbers.reverse();
        const isSorted = numbers.every((number, index) => !index || numbers[index - 1] <= number);
        const isTold = sorted.every((value, index) => value === (index === th.cellIndex ? direction : null));
        return isSorted && isTold ? null : `${th.textContent}, ${direction}: ${numbers}`;
      }, direction);
      if (problem) problems.push(problem);
    }
  }
  return { columns: heads.length, problems };
};

// Filter every table of a page that can be filtered, by the first cell of its last row.
const filtering = async (file) => {
  await visit(file);
  await unfold();
  const inputs = await page.locator(".filter input").all();
  const problems = [];
  const state = (input) =>
    input.evaluate((element) => {
      const place = element.closest(".filter");
      const table = place.nextElementSibling.querySelector("table");
      const rows = [...table.tBodies[0].rows];
      const shown = rows.filter((row) => row.checkVisibility()).map((row) => row.textContent);
      const status = place.querySelector("[role=status]").textContent;
      return { word: rows.at(-1).cells[0].textContent, rows: rows.length, shown, status };
    });
  for (const input of inputs) {
    const { word, rows } = await state(input);
    await input.fill(word);
    const some = await state(input);
    await input.fill("no row says this");
    const none = await state(input);
    await input.fill("");
    const all = await state(input);
    const lower = word.toLowerCase();
    const found = some.shown.length > 0 && some.shown.every((text) => text.toLowerCase().includes(lower));
    const told = some.status.includes(`${some.shown.length} av ${rows}`);
    if (!found || !told || none.shown.length || all.shown.length !== rows) problems.push(`${word}: ${some.status}`);
  }
  return { tables: inputs.length, problems };
};

// Search for the title of every page, from a page in a folder, and open the last one by the keyboard alone.
const searching = async (file) => {
  await visit(file);
  const problems = [];
  const input = page.locator("[role=search] input");
  const index = await page.evaluate(() => window.searchIndex.map(({ title, file }) => ({ title, file })));
  for (const each of index) {
    await input.fill(each.title);
    const hits = await page.evaluate(() => [...document.querySelectorAll("[role=search] li a")].map((link) => link.href));
    if (!hits.includes(encodeURI(site + each.file))) problems.push(`${each.title}: not found`);
  }
  await input.fill(index.at(-1).title);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForURL(site + index.at(-1).file, { timeout: 3000 }).catch((error) => problems.push(error.message));
  return { pages: index.length, problems };
};

await page.setViewportSize(DESK);
const result = {
  pages,
  without_script: { errors: plain.errors, outside: plain.outside },
  axe_pages: [...read],
  keyboard: await inTurn([...chapters, ...firstOfEach(entities), ...firstOfEach(sources)], keyboard),
  sorting: await inTurn(chapters, sorting),
  filtering: await inTurn(chapters, filtering),
  searching: await inTurn(["index.html", ...firstOfEach(entities)], searching),
};
await browser.close();
process.stdout.write(`${JSON.stringify(result, null, 1)}\n`);

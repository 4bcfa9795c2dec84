// What the scripts share: the browser, and which pages a site has.
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const BROWSERS = ["/usr/bin/chromium", "/usr/bin/google-chrome"];
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const open = () => chromium.launch({ executablePath: BROWSERS.find(existsSync), args: QUIET });

// The address of a folder, with the slash at its end.
export const addressOf = (folder) => `${pathToFileURL(resolve(folder))}/`;

// The pages of a site, as files below its folder: the chapters in its root, one page an entity in folders, and sources.
export const pagesOf = (folder) => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".html"))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replace(/^\/+/, ""))
    .sort();
  const sources = files.filter((file) => file.startsWith("kallor/"));
  const chapters = files.filter((file) => !file.includes("/"));
  const entities = files.filter((file) => file.includes("/") && !file.startsWith("kallor/"));
  return { files, chapters, entities, sources };
};

// The first page of each folder.
export const firstOfEach = (files) =>
  files.filter((file, index) => files.findIndex((each) => folderOf(each) === folderOf(file)) === index);

const folderOf = (file) => file.slice(0, file.lastIndexOf("/"));

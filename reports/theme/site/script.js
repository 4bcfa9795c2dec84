// Sorting, filtering and searching. All of it may be left out: every page can be read without a script.
"use strict";
(() => {
  const script = document.currentScript;
  const up = script ? script.dataset.up : "";
  const number = (cell) => (cell.dataset.sort === undefined ? null : Number(cell.dataset.sort));
  const compare = (a, b) => {
    const [x, y] = [number(a), number(b)];
    if (x !== null && y !== null) return x - y;
    if (x !== null || y !== null) return x === null ? 1 : -1;
    return a.textContent.localeCompare(b.textContent, "sv", { numeric: true });
  };
  const make = (name, properties, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };

  for (const table of document.querySelectorAll(".table table")) {
    const body = table.tBodies[0];
    if (!body || body.rows.length < 2) continue;
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = make("button", { type: "button" }, ...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const ascending = head.getAttribute("aria-sort") !== "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
        const rows = [...body.rows].sort((a, b) => compare(a.cells[column], b.cells[column]));
        body.append(...(ascending ? rows : rows.reverse()));
      });
    });
    if (!table.hasAttribute("data-filter")) continue;
    const input = make("input", { type: "search" });
    const count = make("span", { role: "status" });
    input.addEventListener("input", () => {
      const wanted = input.value.toLocaleLowerCase("sv");
      let shown = 0;
      for (const row of body.rows) {
        row.hidden = !row.textContent.toLocaleLowerCase("sv").includes(wanted);
        shown += row.hidden ? 0 : 1;
      }
      count.textContent = wanted ? ` ${shown} av ${body.rows.length} rader` : "";
    });
    table.parentElement.before(make("label", { className: "filter" }, "Visa rader med", input, count));
  }

  const place = document.getElementById("sok");
  if (place && window.searchIndex) {
    const input = make("input", { type: "search", placeholder: "Sök i rapporten" });
    input.setAttribute("aria-label", "Sök i rapporten");
    const list = make("ul", {});
    list.setAttribute("aria-label", "Sidor som träffas");
    input.addEventListener("input", () => {
      const words = input.value.toLocaleLowerCase("sv").split(/\s+/).filter(Boolean);
      const hits = words.length
        ? window.searchIndex.filter((page) => {
            const text = `${page.title} ${page.text}`.toLocaleLowerCase("sv");
            return words.every((word) => text.includes(word));
          })
        : [];
      list.replaceChildren(
        ...hits.slice(0, 12).map((page) => make("li", {}, make("a", { href: up + page.file }, page.title))),
        ...(words.length && !hits.length ? [make("li", {}, "Ingen sida träffas")] : []),
      );
    });
    place.addEventListener("keydown", (event) => {
      if (event.key === "Escape") list.replaceChildren();
    });
    place.append(input, list);
    place.hidden = false;
  }

  const menu = document.querySelector("details.menu");
  if (menu && window.matchMedia("(max-width: 52rem)").matches) menu.open = false;
})();

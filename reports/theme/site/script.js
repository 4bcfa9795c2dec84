// Sorting, filtering and searching. Every page can be read without a script, and what needs one is made here.
"use strict";
(() => {
  const up = document.currentScript.dataset.up;
  const narrow = window.matchMedia("(max-width: 60rem)");
  const lower = (text) => text.toLocaleLowerCase("sv");

  const make = (name, attributes, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  const number = (cell) => (cell.dataset.value === undefined ? null : Number(cell.dataset.value));

  // numbers by size, texts by the Swedish alphabet; what is empty comes last, whichever the order
  const compare = (one, other, turn) => {
    const [a, b] = [number(one), number(other)];
    if (a !== null && b !== null) return turn * (a - b);
    if (a !== null || b !== null) return a === null ? 1 : -1;
    return turn * one.textContent.localeCompare(other.textContent, "sv", { numeric: true });
  };

  const sortable = (table, body) => {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      if (head.tagName !== "TH") return;
      const button = make("button", { type: "button" }, ...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const turn = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
        heads.forEach((each) => each.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", turn === 1 ? "ascending" : "descending");
        body.append(...[...body.rows].sort((a, b) => compare(a.cells[column], b.cells[column], turn)));
      });
    });
  };

  const filterable = (table, body) => {
    const input = make("input", { type: "search", autocomplete: "off" });
    const count = make("span", { role: "status" });
    input.addEventListener("input", () => {
      const wanted = lower(input.value).trim();
      let shown = 0;
      for (const row of body.rows) {
        row.hidden = !lower(row.textContent).includes(wanted);
        if (!row.hidden) shown += 1;
      }
      count.textContent = wanted ? `${shown} av ${body.rows.length} rader` : "";
    });
    table.parentElement.before(make("div", { class: "filter" }, make("label", {}, "Visa rader med ", input), count));
  };

  const searchable = (place) => {
    const input = make("input", { type: "search", autocomplete: "off", placeholder: "Sök i rapporten" });
    input.setAttribute("aria-label", "Sök i rapporten");
    const found = make("p", { role: "status", class: "unseen" });
    const list = make("ul", { "aria-label": "Träffar" });
    const clear = () => list.replaceChildren();
    const hit = (page, words) => {
      const at = Math.max(0, lower(page.text).indexOf(words[0]) - 40);
      const part = page.text.slice(at, at + 130);
      const text = make("span", {}, `${at > 0 ? "…" : ""}${part}${at + 130 < page.text.length ? "…" : ""}`);
      return make("li", {}, make("a", { href: up + page.file }, page.title), text);
    };
    input.addEventListener("input", () => {
      const words = lower(input.value).split(/\s+/).filter(Boolean);
      const has = (text) => words.every((word) => lower(text).includes(word));
      const pages = words.length ? window.searchIndex.filter((page) => has(`${page.title} ${page.text}`)) : [];
      // a title says more of a page than its text does
      pages.sort((a, b) => Number(has(b.title)) - Number(has(a.title)));
      list.replaceChildren(...pages.slice(0, 12).map((page) => hit(page, words)));
      found.textContent = words.length ? (pages.length ? `${pages.length} sidor` : "Inga träffar") : "";
      found.classList.toggle("unseen", !words.length || pages.length > 0);
    });
    place.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      clear();
      input.focus();
    });
    place.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !place.contains(event.relatedTarget)) clear();
    });
    place.append(input, found, list);
  };

  // what does not scroll needs no stop for the keyboard
  const reachable = (box) => {
    const role = box.getAttribute("role");
    new ResizeObserver(() => {
      if (box.scrollWidth > box.clientWidth) {
        box.setAttribute("tabindex", "0");
        box.setAttribute("role", role);
      } else {
        box.removeAttribute("tabindex");
        box.removeAttribute("role");
      }
    }).observe(box);
  };

  document.addEventListener("DOMContentLoaded", () => {
    for (const table of document.querySelectorAll(".table > table")) {
      const body = table.tBodies[0];
      if (body.rows.length > 1) sortable(table, body);
      if (table.hasAttribute("data-filter")) filterable(table, body);
    }
    document.querySelectorAll(".table.scroll, .drawing.scroll").forEach(reachable);
    searchable(document.getElementById("sida_sok"));
    const menu = document.querySelector("details.menu");
    const fold = () => { menu.open = !narrow.matches; };
    narrow.addEventListener("change", fold);
    fold();
  });

  // on paper nothing can be opened
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("main details:not([open])")];
    opened.forEach((each) => { each.open = true; });
  });
  window.addEventListener("afterprint", () => opened.forEach((each) => { each.open = false; }));
})();

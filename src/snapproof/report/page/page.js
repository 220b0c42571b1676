"use strict";
// One step at a time: buttons, keys, a scrubber, and #step=7 in the address. Without this script the page shows
// every step, one below the other. Nothing of the trace is ever used as markup.
(() => {
  const byId = (id) => document.getElementById(id);
  const sections = [...document.querySelectorAll("section.step")];
  const rows = [...document.querySelectorAll(".lanes tbody tr")];
  const last = sections.length - 1;
  const scrubber = byId("scrubber"), place = byId("place"), overview = byId("overview");
  const atStart = byId("when") ? byId("when").textContent : "";
  let here = 0;

  function inView(row) {
    const head = overview.querySelector("thead").offsetHeight;
    const top = row.offsetTop - head, bottom = row.offsetTop + row.offsetHeight;
    if (top < overview.scrollTop) overview.scrollTop = top;
    if (bottom > overview.scrollTop + overview.clientHeight) overview.scrollTop = bottom - overview.clientHeight;
  }

  function show(number, keep) {
    here = Math.max(0, Math.min(last, number));
    sections.forEach((section, i) => section.classList.toggle("shown", i === here));
    rows.forEach((row, i) => {
      row.classList.toggle("here", i === here);
      const link = row.querySelector("a");
      if (i === here) link.setAttribute("aria-current", "step"); else link.removeAttribute("aria-current");
    });
    scrubber.value = here;
    const title = sections[here].querySelector("h2").textContent;
    scrubber.setAttribute("aria-valuetext", title);
    place.textContent = `${here} of ${last}`;
    document.querySelector('[data-go="first"]').disabled = document.querySelector('[data-go="back"]').disabled = here === 0;
    document.querySelector('[data-go="last"]').disabled = document.querySelector('[data-go="next"]').disabled = here === last;
    inView(rows[here]);
    if (byId("variables")) fill();
    if (!keep) history.replaceState(null, "", `#step=${here}`);
  }

  function asked() {
    const match = /^#step=(\d{1,6})$/.exec(location.hash);
    return match ? Number(match[1]) : 0;
  }

  const moves = { first: () => show(0), back: () => show(here - 1), next: () => show(here + 1), last: () => show(last), ghosts };
  const keys = { ArrowRight: "next", ArrowLeft: "back", j: "next", k: "back", Home: "first", End: "last", g: "ghosts" };

  // --- the states, for the table of all variables and for saving; in the page they hold only what changed

  let read = null;
  function trace() {
    if (!read) {
      read = JSON.parse(byId("trace").textContent);
      let state = read.initial.state;
      for (const step of read.steps) state = step.state = { ...state, ...step.state };
    }
    return read;
  }

  function value(found) {
    if (Array.isArray(found)) return `{${found.map(value).join(", ")}}`;
    if (typeof found === "boolean") return found ? "yes" : "no";
    return String(found).replace(/[\p{C}\u2028\u2029]/gu, (c) => `\\u${c.codePointAt(0).toString(16).padStart(4, "0")}`);
  }

  function fill() {
    const states = [trace().initial, ...trace().steps].map((step) => step.state);
    const now = states[here], before = here ? states[here - 1] : trace().usual || now;
    byId("when").textContent = here ? ` behind step ${here}` : atStart;
    for (const table of byId("variables").querySelectorAll("table")) {
      const { name, depth } = table.dataset;
      const cells = (state) => depth === "0" ? [state[name]] : state[name].flat(depth - 1);
      const old = cells(before).map(value);
      const shown = cells(now).map(value);
      table.querySelectorAll("td").forEach((cell, i) => {
        cell.textContent = shown[i];
        cell.classList.toggle("changed", shown[i] !== old[i]);
        cell.title = shown[i] !== old[i] ? `was ${old[i]}` : "";
      });
    }
  }

  function ghosts() {
    const hidden = document.documentElement.classList.toggle("no-ghosts");
    byId("ghosts").setAttribute("aria-pressed", String(!hidden));
  }

  function save() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(trace()) + "\n"], { type: "application/json" }));
    link.download = `${trace().scenario}.${trace().violation.property}.json`.replace(/[^\w.+=-]+/g, "-");
    link.click();
    URL.revokeObjectURL(link.href);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !(event.key in keys)) return;
    // The scrubber knows arrows, Home and End itself.
    if (event.target === scrubber && event.key.length > 1) return;
    event.preventDefault();
    moves[keys[event.key]]();
  });
  document.querySelectorAll("[data-go]").forEach((button) => button.addEventListener("click", () => moves[button.dataset.go]()));
  rows.forEach((row, i) => row.addEventListener("click", (event) => {
    event.preventDefault();
    show(i);
  }));
  scrubber.addEventListener("input", () => show(Number(scrubber.value)));
  byId("ghosts").addEventListener("click", ghosts);
  byId("save").addEventListener("click", save);
  addEventListener("hashchange", () => show(asked(), true));
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((d) => { d.open = d.closest("header") !== null; }));

  document.querySelector(".controls").hidden = false;
  document.documentElement.classList.add("js");
  // The address means a step, not a place on the page.
  sections.forEach((section) => section.removeAttribute("id"));
  addEventListener("load", () => scrollTo(0, 0));
  show(asked(), true);
})();

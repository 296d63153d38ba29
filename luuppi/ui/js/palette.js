// Search and commands. The list comes with the page; typing narrows it, Enter goes there.
const palette = document.getElementById("palette");
const field = palette?.querySelector("input");
const options = palette ? [...palette.querySelectorAll("[role=option]")] : [];
const search = palette?.querySelector("[data-search]");

export function openPalette(event) {
  if (!palette || palette.open) return;
  event.preventDefault();
  palette.showModal();
  start();
}

const shown = () => options.filter((option) => !option.hidden);

function mark(option) {
  for (const one of options) one.setAttribute("aria-selected", String(one === option));
  if (option) {
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else field.removeAttribute("aria-activedescendant");
}

function narrow() {
  const words = field.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  for (const option of options) option.hidden = option === search ? !words.length : !words.every((word) => option.textContent.toLowerCase().includes(word));
  if (search) search.querySelector("b").textContent = field.value.trim();
  palette.querySelector("[data-none]").hidden = shown().length > 0;
  mark(shown().find((option) => option !== search) ?? shown()[0]);
}

function start() {
  field.value = "";
  narrow();
  field.focus();
}

function go(option) {
  if (!option) return;
  const url = option.dataset.href ?? `${option.dataset.search}?q=${encodeURIComponent(field.value.trim())}`;
  location.assign(url);
}

if (palette) {
  addEventListener("luuppi:opened", (event) => event.detail === palette && start());
  field.addEventListener("input", narrow);
  field.addEventListener("keydown", (event) => {
    const all = shown();
    const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") mark(all[(at + 1) % all.length]);
    else if (event.key === "ArrowUp") mark(all[(at - 1 + all.length) % all.length]);
    else if (event.key === "Enter") go(all[at]);
    else if (event.key === "Escape") palette.close(); // a search field would only empty itself
    else return;
    event.preventDefault();
  });
  palette.addEventListener("click", (event) => go(event.target.closest("[role=option]")));
}

// j and k move through the rows of a list, x selects, Shift with a press or x selects up to there. Enter is the link's own.
import { isTyping } from "./keys.js";

const links = () => [...document.querySelectorAll(".rows .row-link")].filter((link) => link.checkVisibility?.() ?? true);
const boxOf = (link) => link.closest("li").querySelector("input[type=checkbox]");
let last;

function move(by) {
  const all = links();
  if (!all.length) return false;
  const at = all.indexOf(document.activeElement);
  const next = all[Math.min(all.length - 1, Math.max(0, at + by))] ?? all[0];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function selectUpTo(box, range) {
  const all = [...document.querySelectorAll(".rows input[type=checkbox]")];
  if (range && last && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    for (const one of all.slice(from, to + 1)) one.checked = box.checked;
  }
  last = box;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.body.dataset.keys === "off" || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  if (key === "j" || key === "k") {
    if (move(key === "j" ? 1 : -1)) event.preventDefault();
  } else if (key === "x" && document.activeElement?.matches?.(".row-link")) {
    const box = boxOf(document.activeElement);
    if (!box) return;
    box.checked = !box.checked;
    selectUpTo(box, event.shiftKey);
    event.preventDefault();
  }
});

addEventListener("click", (event) => {
  if (event.target.matches(".rows input[type=checkbox]")) selectUpTo(event.target, event.shiftKey);
});

// data-all="#list": selects all rows of that list
addEventListener("change", (event) => {
  const list = event.target.dataset?.all && document.querySelector(event.target.dataset.all);
  if (list) for (const box of list.querySelectorAll("input[type=checkbox]")) box.checked = event.target.checked;
});

// One key presses the button or link that carries data-key="…" (the last visible one). Off: <body data-keys="off"> (WCAG 2.1.4).
import { openPalette } from "./palette.js";

export const isTyping = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
const visible = (element) => element.checkVisibility?.() ?? true;

export function press(key) {
  const all = [...document.querySelectorAll("[data-key]")].filter((e) => e.dataset.key === key);
  const wanted = all.filter(visible).at(-1) ?? all.find((e) => e.dataset.href);
  if (!wanted) return false;
  if (wanted.matches("textarea, input, select")) wanted.focus();
  else if (wanted.dataset.href) location.assign(wanted.dataset.href);
  else wanted.click();
  return true;
}

addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") return openPalette(event);
  // An answer is sent as in a mail program; the ten seconds to undo catch what was pressed too early.
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && !event.repeat && event.target.dataset?.key === "r") return event.target.form?.requestSubmit();
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (document.body.dataset.keys === "off" || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "/") return openPalette(event);
  if (event.key === "?") return void document.querySelector('[data-key-list]')?.click();
  if (event.key.length === 1 && press(event.key)) event.preventDefault();
});

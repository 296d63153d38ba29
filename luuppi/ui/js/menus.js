// Menus are <details>: a press elsewhere or Esc closes them, and focus returns to what opened them.
const open = "details.menu-pop[open], .rail details[open]";

addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(open)) if (!menu.contains(event.target)) menu.open = false;
});

addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll(open)) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

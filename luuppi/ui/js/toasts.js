// A toast stays ten seconds of not being looked at: hover and focus stop its time.
const TEN_SECONDS = 10_000;

function watch(toast) {
  if (toast.dataset.watched) return;
  toast.dataset.watched = "yes";
  let timer;
  const go = () => (timer = setTimeout(() => toast.remove(), TEN_SECONDS));
  const wait = () => clearTimeout(timer);
  for (const [name, act] of [["mouseenter", wait], ["focusin", wait], ["mouseleave", go], ["focusout", go]]) toast.addEventListener(name, act);
  go();
}

const watchAll = () => document.querySelectorAll("[data-toast]").forEach(watch);
watchAll();
// After an act the page is new: Tab begins at what can be undone, not at the top of the menu. Nothing takes the focus.
const undo = document.querySelector("[data-toast]:has(form)");
if (undo && document.activeElement === document.body) {
  undo.tabIndex = -1;
  undo.focus({ preventScroll: true });
  undo.blur();
  undo.removeAttribute("tabindex");
}
addEventListener("htmx:afterSettle", watchAll);

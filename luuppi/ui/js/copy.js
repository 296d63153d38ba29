// A button with data-copy="…" puts these words on the clipboard and says so for two seconds. Without script it is not there.
const show = (root) => root.querySelectorAll("[data-copy][hidden]").forEach((button) => (button.hidden = false));

// The clipboard's own door is open on https and localhost only; an installation inside a house is often neither.
function copyBySelection(words) {
  const field = document.createElement("textarea");
  field.value = words;
  field.style.position = "fixed";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}

async function copy(words) {
  if (!navigator.clipboard) return copyBySelection(words);
  return navigator.clipboard.writeText(words).then(() => true, () => copyBySelection(words));
}

addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button || !(await copy(button.dataset.copy))) return;
  const said = button.querySelector("[role=status]");
  const before = said.textContent;
  if (before === said.dataset.done) return;
  said.textContent = said.dataset.done;
  button.focus();
  setTimeout(() => (said.textContent = before), 2000);
});

show(document);
addEventListener("htmx:afterSettle", () => show(document));

// data-open="id" shows that dialog, or unfolds those details, instead of following its link (without script the link is a page with the same question).
// data-close closes the dialog it stands in. The browser gives the focus back.
addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  const dialog = opener && document.getElementById(opener.dataset.open);
  if (dialog?.matches("details")) {
    event.preventDefault(); // what is being written elsewhere on the page stays
    dialog.open = true;
    dialog.scrollIntoView({ block: "nearest" });
    return void dialog.querySelector("summary").focus();
  }
  if (dialog && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    dialog.showModal();
    dispatchEvent(new CustomEvent("luuppi:opened", { detail: dialog }));
    return;
  }
  if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
  else if (event.target.matches("dialog[open]")) event.target.close();
});

// an error summary is read first
document.querySelector("[data-focus]")?.focus();

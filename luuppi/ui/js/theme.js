// The theme changes at once; the form still tells the server, so that the next page comes in it.
addEventListener("submit", (event) => {
  const form = event.target.closest("[data-theme-form]");
  if (!form || !event.submitter) return;
  event.preventDefault();
  const wanted = event.submitter.value;
  if (wanted === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = wanted;
  for (const button of form.querySelectorAll("button")) button.toggleAttribute("aria-current", false);
  event.submitter.setAttribute("aria-current", "true");
  form.closest("details").open = false;
  const data = new FormData(form, event.submitter);
  fetch(form.action, { method: "POST", body: data, redirect: "manual" });
});

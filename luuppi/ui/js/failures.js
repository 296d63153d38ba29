// When a part could not be fetched or an act was refused, the sentence of the refusal stands where the part is; what was typed stays.
// A 422 that is a part (a form with its errors) is swapped in like any other.
const isPage = (text) => /^\s*<!doctype/i.test(text);

function sentenceOf(text) {
  if (!isPage(text)) return "";
  const page = new DOMParser().parseFromString(text, "text/html");
  return [...page.querySelectorAll("main h1, main .lead")].map((e) => e.textContent.trim().replace(/([^.!?])$/, "$1.")).join(" ");
}

function say(target, sentence) {
  const banner = document.getElementById("failed").content.firstElementChild.cloneNode(true);
  if (sentence) banner.querySelector("div").textContent = sentence;
  target.before(banner);
}

addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target } = event.detail;
  document.querySelector("[data-failed]")?.remove();
  if (xhr.status < 400) return;
  if (xhr.status === 422 && !isPage(xhr.responseText)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
    return;
  }
  event.detail.shouldSwap = false;
  say(target, sentenceOf(xhr.responseText));
});

addEventListener("htmx:sendError", (event) => say(event.detail.target ?? event.target, ""));

// Sends small forms without leaving the page. Address and answer are the same as without this
// script; the regions marked data-live are replaced by those of the answer. A card that is marked is
// replaced by a note with an undo, and nothing else moves.

const announce = document.querySelector("#announce");
const cards = new WeakMap(); // note -> the card it replaced, and its button

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-enhance]")) return;
  event.preventDefault();
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  const button = event.submitter;
  const address = button?.hasAttribute("formaction") ? button.formAction : form.action;
  const fields = new URLSearchParams(new FormData(form, button));
  const card = form.closest("[data-card]");
  if (card) fields.set("part", "card");
  try {
    const answer = await fetch(address, { method: "POST", body: fields });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (card) replaceCard(card, button, page.querySelector("[data-card]"));
    else {
      replaceRegions(page);
      announce.textContent = !fields.has("value")
        ? "Done."
        : form.matches(".thumbs")
          ? button.textContent
          : `Rated ${fields.get("value")}.`;
    }
  } catch {
    // The form carries the event's id, so sending it again the plain way counts once.
    fields.delete("part");
    form.action = address;
    sendPlainly(form, fields);
  }
  form.ariaBusy = null;
});

function replaceCard(card, button, note) {
  if (note) {
    const fresh = document.adoptNode(note);
    cards.set(fresh, { card, button });
    card.replaceWith(fresh);
    fresh.querySelector("button").focus({ preventScroll: true });
    announce.textContent = fresh.querySelector("p + p").textContent;
  } else if (cards.has(card)) {
    const former = cards.get(card);
    card.replaceWith(former.card);
    former.button.focus({ preventScroll: true });
    announce.textContent = "Undone.";
  } else location.reload(); // the note came with the page
}

function replaceRegions(page) {
  const focused = document.activeElement?.id;
  const region = document.activeElement?.closest("[data-live]")?.id;
  for (const region of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(region.id);
    if (fresh) region.replaceWith(document.adoptNode(fresh));
    else region.remove();
  }
  // The film may be gone from its row: then the next one there is the closest place.
  const again = focused && document.getElementById(focused);
  const near = region && document.querySelector(`#${region} button`);
  (again || near || document.querySelector("#content")).focus({ preventScroll: true });
}

function sendPlainly(form, fields) {
  for (const [name, value] of fields) {
    const input = form.elements.namedItem(name);
    if (input instanceof HTMLInputElement) continue;
    const added = document.createElement("input");
    Object.assign(added, { type: "hidden", name, value });
    form.append(added);
  }
  form.submit();
}

// Opening a recommended film is an event that names the list it was in.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-request]");
  if (!link) return;
  const id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (each) =>
    each.toString(16).padStart(2, "0"),
  ).join("");
  const { film, request } = link.dataset;
  fetch("/api/v1/events", {
    method: "POST",
    keepalive: true,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ id, type: "click", film, request_id: request }),
  }).catch(() => {});
});

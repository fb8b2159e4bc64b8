// Suggests titles while you type, as a combobox: arrows choose, Enter opens, Escape closes. With
// nothing chosen, Enter searches, as it does without this script.

const field = document.querySelector("#search");
const list = document.createElement("ul");
list.className = "suggestions";
list.id = "suggestions";
list.role = "listbox";
list.ariaLabel = "Films";
list.hidden = true;
field.after(list);
field.role = "combobox";
field.ariaAutoComplete = "list";
field.ariaExpanded = "false";
field.setAttribute("aria-controls", list.id);

let films = [];
let chosen = -1;
let pending = 0;
let request = new AbortController();

field.addEventListener("input", () => {
  clearTimeout(pending);
  pending = setTimeout(suggest, 150);
});

field.addEventListener("keydown", (event) => {
  if (list.hidden) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    // -1 is the field itself, between the last and the first suggestion.
    choose(((chosen + 1 + step + films.length + 1) % (films.length + 1)) - 1);
  } else if (event.key === "Enter" && chosen >= 0) {
    event.preventDefault();
    open(films[chosen]);
  } else if (event.key === "Escape") {
    event.preventDefault();
    show([]);
  }
});

field.addEventListener("blur", () => show([]));
list.addEventListener("mousedown", (event) => event.preventDefault());
list.addEventListener("click", (event) => {
  const option = event.target.closest("li");
  if (option) open(films[Array.prototype.indexOf.call(list.children, option)]);
});

async function suggest() {
  request.abort();
  const text = field.value.trim();
  if (text.length < 2) return show([]);
  request = new AbortController();
  const address = `/api/v1/search?n=6&q=${encodeURIComponent(text)}`;
  try {
    const answer = await fetch(address, { signal: request.signal });
    if (answer.ok && document.activeElement === field) show((await answer.json()).films);
  } catch {
    // Another key was pressed, or the network is gone: the search button still works.
  }
}

function show(found) {
  films = found;
  list.replaceChildren(
    ...found.map((film, place) => {
      const option = document.createElement("li");
      option.id = `suggestion-${place}`;
      option.role = "option";
      option.textContent = film.year ? `${film.title} (${film.year})` : film.title;
      return option;
    }),
  );
  list.hidden = found.length === 0;
  field.ariaExpanded = String(found.length > 0);
  choose(-1);
}

function choose(place) {
  chosen = place;
  for (const [index, option] of [...list.children].entries()) {
    option.ariaSelected = String(index === place);
  }
  if (place >= 0) field.setAttribute("aria-activedescendant", `suggestion-${place}`);
  else field.removeAttribute("aria-activedescendant");
}

function open(film) {
  // Browsers resolve "." and ".."; see addresses.py.
  const id = /^~*\.\.?$/.test(film.id) ? `~${film.id}` : film.id;
  location.assign(`/films/${encodeURIComponent(id)}`);
}

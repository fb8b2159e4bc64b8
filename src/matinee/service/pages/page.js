"use strict";
{
  // Drawings are Plotly's JSON. Colours are names of the style sheet: "var(--red)".
  const root = document.documentElement;
  const charts = [...document.querySelectorAll(".chart")];
  const figures = charts.map((each) => JSON.parse(each.nextElementSibling.textContent));
  const night = matchMedia("(prefers-color-scheme: dark)");
  const printed = 620; // pixels: a printed page is narrower than most windows

  const coloured = (part, style) => {
    if (typeof part === "string") {
      return part.replace(/^var\((--[\w-]+)\)$/, (_, name) => style.getPropertyValue(name).trim());
    }
    if (Array.isArray(part)) return part.map((each) => coloured(each, style));
    if (part === null || typeof part !== "object") return part;
    return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, coloured(each, style)]));
  };

  const draw = (widthOf) => {
    const style = getComputedStyle(root);
    charts.forEach((each, place) => {
      const { data, layout } = coloured(figures[place], style);
      const wide = { ...layout, width: widthOf(each) };
      Plotly.react(each, data, wide, { displayModeBar: false, responsive: true });
    });
  };

  const onScreen = () => {
    root.classList.remove("printing");
    draw((each) => each.clientWidth);
  };

  let folded = [];
  addEventListener("load", onScreen);
  night.addEventListener("change", onScreen);
  // Drawings do not shrink by themselves, and print uses the light scheme.
  addEventListener("beforeprint", () => {
    root.classList.add("printing");
    folded = [...document.querySelectorAll("details.printed:not([open])")];
    folded.forEach((each) => { each.open = true; });
    draw(() => printed);
  });
  addEventListener("afterprint", () => {
    folded.forEach((each) => { each.open = false; });
    onScreen();
  });
}

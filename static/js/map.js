// Card, zoom and filter of the map; what needs this file is hidden until it runs.
const all = (selector) => [...document.querySelectorAll(selector)];
const [svg] = all(".map svg"), map = svg.parentNode, card = svg.nextElementSibling, bar = map.nextElementSibling;
const { x, y, width, height } = svg.viewBox.baseVal, boxes = all(".legend input"), dots = {};
let left, above, part, shown, refuse;

const hide = () => (card.hidden = true);
const dotOf = (event) => event.target.closest("svg a");

function tell(dot) {
  if (!dot) return;
  const at = dot.getBoundingClientRect(), frame = svg.getBoundingClientRect();
  const across = at.x - frame.x, down = at.y - frame.y;
  card.textContent = dot.getAttribute("aria-label");
  card.href = dot.href.baseVal;
  card.hidden = false;
  const flip = [at.x > innerWidth / 2, down > frame.height / 2].map((yes) => (yes ? "-100%" : 0));
  card.style.transform = `translate(${across}px, ${down}px) translate(${flip})`;
  shown = dot;
}

// Dots keep their size.
function show(toX, toY, share) {
  part = Math.min(1, Math.max(0.02, share));
  left = Math.max(x, Math.min(toX, x + width * (1 - part)));
  above = Math.max(y, Math.min(toY, y + height * (1 - part)));
  const r = (width * part) / 160;
  svg.setAttribute("viewBox", [left, above, width * part, height * part]);
  svg.style.setProperty("--r", r + "px");
  for (const shape of all("defs [transform]")) shape.setAttribute("transform", `scale(${r})`);
  for (const sign of all(".legend svg")) sign.setAttribute("viewBox", [-3 * r, -3 * r, 6 * r, 6 * r]);
  svg.classList.toggle("zoomed", part < 1);
  hide();
}

const move = (across, down, times = 1) => show(left + width * part * across, above + height * part * down, part * times);
const acts = { "+": () => move(0.25, 0.25, 0.5), "-": () => move(-0.5, -0.5, 2), 0: () => show(x, y, 1), Escape: hide };

function filter() {
  const ticked = (from, to) => boxes.slice(from, to).filter((box) => box.checked).map((box) => `[href*=${box.value}]`) + "";
  const levels = ticked(0, 5) || "i", marks = ticked(5) || "use", status = bar.lastElementChild;
  let number = 0;
  for (const row of all("#table tbody tr")) {
    const dot = dots[row.querySelector("a").getAttribute("href")] || svg;
    row.hidden = !dot.querySelector(levels) || !dot.querySelector(marks);
    if (dot !== svg) dot.setAttribute("display", row.hidden ? "none" : "");
    number += !row.hidden;
  }
  status.textContent = status.dataset.words.replace("#", number);
  hide();
}

for (const dot of all(".map svg a")) {
  dots[dot.href.baseVal] = dot;
  dot.setAttribute("aria-label", dot.textContent);
  dot.firstChild.remove();
}
for (const thing of [bar, ...boxes]) {
  thing.hidden = false;
  thing.onchange = filter;
}
show(x, y, 1);
filter();

bar.onclick = (event) => acts[event.target.value]?.();
map.onkeydown = (event) => acts[event.key]?.();
map.onmouseleave = hide;
map.onmouseover = (event) => event.buttons || tell(dotOf(event));
map.addEventListener("focusin", (event) => {
  const dot = dotOf(event);
  if (!dot) return;
  const use = dot.firstChild;
  // Under a pointer nothing may move.
  if (part < 1 && dot.matches(":focus-visible")) show(use.x.baseVal.value - (width * part) / 2, use.y.baseVal.value - (height * part) / 2, part);
  tell(dot);
});
map.onpointerdown = (event) => {
  refuse = event.pointerType === "touch" && (card.hidden || dotOf(event) !== shown);
};
map.onclick = (event) => !refuse || !dotOf(event);
map.ondragstart = () => false;
map.onpointermove = ({ buttons, movementX, movementY }) => {
  if (!buttons || part === 1) return;
  refuse ||= Math.hypot(movementX, movementY) > 2;
  move(-movementX / svg.clientWidth, -movementY / svg.clientHeight);
};

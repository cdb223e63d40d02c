"use strict";
// A read-out under the pointer for every chart. Without this script the report only lacks that.
(function () {
  const space = "http://www.w3.org/2000/svg";
  function make(name, attributes, text) {
    const node = document.createElementNS(space, name);
    for (const key of Object.keys(attributes)) node.setAttribute(key, attributes[key]);
    if (text !== undefined) node.textContent = text;
    return node;
  }
  function nearest(points, x) {
    let best = null;
    for (const point of points) {
      if (best === null || Math.abs(point[0] - x) < Math.abs(best[0] - x)) best = point;
    }
    return best;
  }
  function marked(curves, place) {
    const all = curves.flat();
    const far = (point) => (point[0] - place.x) ** 2 + (point[3] - place.y) ** 2;
    return all.reduce((best, point) => (far(point) < far(best) ? point : best), all[0]);
  }
  for (const svg of document.querySelectorAll("svg[data-points]")) {
    const curves = JSON.parse(svg.dataset.points);
    const names = Array.from(svg.parentNode.querySelectorAll(".key"), (key) => key.textContent);
    const layer = svg.querySelector(".pointer");
    svg.addEventListener("pointerleave", () => layer.replaceChildren());
    svg.addEventListener("pointermove", (event) => {
      const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      const lines = [];
      let at = null;
      let head = null;
      if ("scatter" in svg.dataset) {
        at = marked(curves, place);
        head = at[4];
        const axis = svg.querySelector(".label").textContent;
        const title = svg.querySelector("title").textContent;
        if (curves.length > 1) lines.push(names[curves.findIndex((points) => points.includes(at))]);
        lines.push(axis + ": " + at[1], title + ": " + at[2]);
      } else curves.forEach((points, i) => {
        const point = nearest(points, place.x);
        if (point === null) return;
        if (at === null || Math.abs(point[0] - place.x) < Math.abs(at[0] - place.x)) at = point;
        lines.push(names[i] + ": " + point[2]);
      });
      if (at === null) return;
      if (head === null) head = at[1];
      const width = 14 + 6.2 * Math.max(head.length, ...lines.map((line) => line.length));
      const left = Math.max(at[0] + 10 + width > 632 ? at[0] - 10 - width : at[0] + 10, 2);
      layer.replaceChildren(
        make("path", { class: "cursor", d: "M" + at[0] + " 10V222" }),
        make("rect", { class: "read-out", x: left, y: 14, width: width, height: 20 + 14 * lines.length, rx: 4 }),
        make("text", { x: left + 7, y: 29, "font-weight": 600 }, head),
        ...lines.map((line, i) => make("text", { x: left + 7, y: 43 + 14 * i }, line)));
    });
  }
})();

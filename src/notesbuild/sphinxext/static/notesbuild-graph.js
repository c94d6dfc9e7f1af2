/* The graph of results: zoom, fold, filter, and what a result rests on and carries.
   Without this script the picture, its links and the list are there all the same. */
(() => {
  "use strict";

  const svgns = "http://www.w3.org/2000/svg";
  const foldedFrom = 400;

  const enhance = (graph) => {
    const words = JSON.parse(graph.dataset.words);
    const view = graph.querySelector(".nb-graph-view");
    const svg = view.querySelector("svg");
    const [head, row, margin, between, width, side] = ["head", "row", "margin", "between", "width", "side"].map(
      (name) => Number(svg.dataset[name]),
    );
    const half = Number(svg.dataset.node.split(" ")[1]) / 2;
    const layer = svg.querySelector(".nb-edges");

    const nodes = [...svg.querySelectorAll(".nb-node")].map((element) => ({
      element,
      kind: element.dataset.kind,
      band: Number(element.dataset.band),
      x: Number(element.dataset.x) + margin,
      row: Number(element.dataset.row),
      uses: new Set(),
      users: new Set(),
    }));
    const bands = [...svg.querySelectorAll(".nb-band")].map((element, index) => ({
      element,
      frame: element.querySelector("rect"),
      members: nodes.filter((node) => node.band === index),
      folded: nodes.length > foldedFrom,
    }));
    const edges = [...layer.querySelectorAll(".nb-edge")].map((element) => {
      const edge = { element, from: nodes[element.dataset.from], to: nodes[element.dataset.to] };
      edge.from.users.add(edge.to);
      edge.to.uses.add(edge.from);
      return edge;
    });
    const hiddenKinds = new Set();
    let only = -1;
    let hideAlone = false;
    let nameFolding = () => {};
    let zoom = 1;
    let size = [Number(svg.getAttribute("width")), Number(svg.getAttribute("height"))];

    /* ---- Where everything stands ---- */

    const isNear = (node) =>
      node.band === only || [...node.uses, ...node.users].some((other) => other.band === only);
    const isShown = (node) =>
      !hiddenKinds.has(node.kind)
      && (only < 0 || isNear(node))
      && !(hideAlone && [...node.uses, ...node.users].every((other) => hiddenKinds.has(other.kind)));

    const curve = (x1, y1, x2, y2) => {
      if (y1 === y2) return `M${x1} ${y1 + half}C${x1} ${y1 + half + 22} ${x2} ${y2 + half + 22} ${x2} ${y2 + half}`;
      const down = y2 > y1 ? 1 : -1;
      const [a, b] = [y1 + down * half, y2 - down * half];
      const bend = down * Math.min(70, Math.max(14, Math.abs(b - a) / 2));
      return `M${x1} ${a}C${x1} ${a + bend} ${x2} ${b - bend} ${x2} ${b}`;
    };
    const arc = (y1, y2) => {
      const reach = width + Math.min(side - 8, 24 + Math.abs(y2 - y1) / 12);
      return `M${width} ${y1}C${reach} ${y1} ${reach} ${y2} ${width + 2} ${y2}`;
    };

    const layOut = () => {
      let top = 0;
      for (const band of bands) {
        const shown = band.members.filter(isShown);
        const gone = shown.length === 0;
        const rows = [...new Set(shown.map((node) => node.row))].sort((a, b) => a - b);
        const open = only >= 0 || !band.folded;
        band.y = top;
        band.gone = gone;
        band.open = open;
        band.element.classList.toggle("is-gone", gone);
        band.element.classList.toggle("is-folded", !open);
        band.element.setAttribute("transform", `translate(0 ${top})`);
        band.button.setAttribute("aria-expanded", String(open));
        band.button.firstElementChild.textContent = open ? "▾" : "▸";
        const height = open ? head + row * rows.length : head;
        band.frame.setAttribute("height", height);
        for (const node of band.members) {
          node.shown = !gone && open && isShown(node);
          node.y = top + head + row * rows.indexOf(node.row) + half;
          node.element.classList.toggle("is-gone", !node.shown);
          node.element.setAttribute("transform", `translate(${node.x} ${node.y})`);
        }
        if (!gone) top += height + (open ? between : between / 2);
      }
      const folded = bands.some((band) => !band.gone && !band.open);
      size = [width + (folded ? side : 0), Math.max(top - between / 2, head)];
      drawEdges();
      setZoom(zoom);
      nameFolding();
    };

    const drawEdges = () => {
      const drawn = new Set();
      for (const { element, from, to } of edges) {
        const [start, end] = [bands[from.band], bands[to.band]];
        const visible = isShown(from) && isShown(to);
        let path = "";
        let key = "";
        if (visible && from.shown && to.shown) path = curve(from.x, from.y, to.x, to.y);
        else if (visible && start !== end) {
          if (!from.shown && !to.shown) path = arc(start.y + head / 2, end.y + head / 2);
          else if (from.shown) path = curve(from.x, from.y, width - 40, end.y + half);
          else path = curve(width - 40, start.y + head - half, to.x, to.y);
          key = `${from.shown ? from.element.dataset.number : `b${from.band}`}>${to.shown ? to.element.dataset.number : `b${to.band}`}`;
        }
        const twice = key && drawn.has(key);
        if (key) drawn.add(key);
        element.classList.toggle("is-gone", !path || twice);
        element.classList.toggle("is-arc", path.startsWith(`M${width} `));
        if (path) element.setAttribute("d", path);
      }
    };

    const setZoom = (value, around) => {
      const before = zoom;
      zoom = Math.min(3, Math.max(0.1, value));
      svg.setAttribute("viewBox", `0 0 ${size[0]} ${size[1]}`);
      svg.setAttribute("width", size[0] * zoom);
      svg.setAttribute("height", size[1] * zoom);
      if (!around) return;
      const ratio = zoom / before;
      view.scrollLeft = (view.scrollLeft + around.x) * ratio - around.x;
      view.scrollTop = (view.scrollTop + around.y) * ratio - around.y;
    };
    const middle = () => ({ x: view.clientWidth / 2, y: view.clientHeight / 2 });
    const fit = () => setZoom(Math.max(0.7, Math.min(1, (view.clientWidth - 4) / size[0])));

    /* ---- What a result rests on, and what rests on it ---- */

    const reached = (start, direction) => {
      const found = new Set();
      const waiting = [start];
      while (waiting.length) {
        for (const next of waiting.pop()[direction]) {
          if (!found.has(next)) {
            found.add(next);
            waiting.push(next);
          }
        }
      }
      return found;
    };
    const highlightBand = (band) => {
      graph.classList.toggle("has-band", band >= 0);
      for (const { element, from, to } of edges) {
        const leaves = from.band !== to.band;
        element.classList.toggle("is-above", leaves && to.band === band);
        element.classList.toggle("is-below", leaves && from.band === band);
      }
    };
    const highlight = (node) => {
      graph.classList.remove("has-band");
      graph.classList.toggle("has-focus", Boolean(node));
      const above = node ? reached(node, "uses") : new Set();
      const below = node ? reached(node, "users") : new Set();
      for (const other of nodes) {
        other.element.classList.toggle("is-focus", other === node);
        other.element.classList.toggle("is-above", above.has(other));
        other.element.classList.toggle("is-below", below.has(other));
      }
      for (const { element, from, to } of edges) {
        element.classList.toggle("is-above", above.has(from) && (to === node || above.has(to)));
        element.classList.toggle("is-below", below.has(to) && (from === node || below.has(from)));
      }
    };
    const nodeAt = (target) => {
      const element = target.closest?.(".nb-node");
      return element ? nodes[element.dataset.number] : null;
    };
    const focused = () => (view.contains(document.activeElement) ? nodeAt(document.activeElement) : null);
    const foldedAt = (target) => {
      const element = target.closest?.(".nb-band.is-folded");
      return element ? bands.findIndex((band) => band.element === element) : -1;
    };
    const point = (target, otherwise) => {
      const band = foldedAt(target);
      highlight(nodeAt(target) ?? otherwise);
      if (band >= 0) highlightBand(band);
    };
    svg.addEventListener("pointerover", (event) => point(event.target, focused()));
    svg.addEventListener("pointerleave", () => highlight(focused()));
    svg.addEventListener("focusin", (event) => point(event.target, null));
    svg.addEventListener("focusout", () => highlight(null));

    /* ---- Moving and zooming ---- */

    view.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return; // the frame scrolls, and then the page
      event.preventDefault();
      const box = view.getBoundingClientRect();
      setZoom(zoom * Math.exp(-event.deltaY / 300), { x: event.clientX - box.left, y: event.clientY - box.top });
    }, { passive: false });
    view.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "+" || event.key === "=") setZoom(zoom * 1.2, middle());
      else if (event.key === "-") setZoom(zoom / 1.2, middle());
      else if (event.key === "0") fit();
      else return;
      event.preventDefault();
    });
    let grip = null;
    view.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "touch" || event.button !== 0) return;
      grip = { x: event.clientX, y: event.clientY, left: view.scrollLeft, top: view.scrollTop, moved: false };
    });
    window.addEventListener("pointermove", (event) => {
      if (!grip) return;
      const [dx, dy] = [event.clientX - grip.x, event.clientY - grip.y];
      grip.moved ||= Math.hypot(dx, dy) > 4;
      if (!grip.moved) return;
      view.classList.add("is-moving");
      view.scrollLeft = grip.left - dx;
      view.scrollTop = grip.top - dy;
    });
    let dragged = false;
    window.addEventListener("pointerup", () => {
      dragged = Boolean(grip?.moved);
      grip = null;
      view.classList.remove("is-moving");
    });
    view.addEventListener("click", (event) => {
      if (dragged) event.preventDefault(); // it was moved, not clicked
      dragged = false;
    }, true);
    view.addEventListener("dragstart", (event) => event.preventDefault());

    /* ---- Controls ---- */

    const bar = document.createElement("div");
    bar.className = "nb-graph-bar";
    const button = (text, label, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.textContent = text;
      made.title = label;
      made.setAttribute("aria-label", label);
      made.addEventListener("click", act);
      bar.append(made);
      return made;
    };
    const labelled = (text, control, after) => {
      const label = document.createElement("label");
      label.append(...(after ? [control, ` ${text}`] : [`${text} `, control]));
      bar.append(label);
    };
    button("+", words.bigger, () => setZoom(zoom * 1.2, middle()));
    button("−", words.smaller, () => setZoom(zoom / 1.2, middle()));
    button("↔", words.fit, fit);
    const select = document.createElement("select");
    const titles = bands.map((band) => band.element.querySelector("text").textContent);
    select.setAttribute("aria-label", words.chapter);
    [words.all, ...titles].forEach((title, index) => select.add(new Option(title, index - 1)));
    select.addEventListener("change", () => {
      only = Number(select.value);
      layOut();
      view.scrollTop = 0;
    });
    labelled(words.chapter, select, false);
    const alone = document.createElement("input");
    alone.type = "checkbox";
    alone.addEventListener("change", () => {
      hideAlone = alone.checked;
      layOut();
    });
    labelled(words.alone, alone, true);
    const allFolded = () => bands.every((band) => band.folded);
    const foldAll = button(words.fold, words.fold, () => {
      const folded = !allFolded();
      bands.forEach((band) => (band.folded = folded));
      layOut();
    });
    nameFolding = () => {
      const label = allFolded() ? words.unfold : words.fold;
      foldAll.textContent = foldAll.title = label;
      foldAll.setAttribute("aria-label", label);
    };
    nameFolding();
    view.before(bar);

    for (const band of bands) {
      const fold = document.createElementNS(svgns, "g");
      fold.setAttribute("class", "nb-fold");
      fold.setAttribute("role", "button");
      fold.setAttribute("tabindex", "0");
      const title = band.element.querySelector("text");
      fold.setAttribute("aria-label", `${words.foldOne}: ${title.textContent}`);
      fold.innerHTML = `<text x="${margin}" y="25"></text><rect x="0" y="0" width="${margin + 22}" height="${head}" fill="none" pointer-events="all"/>`;
      title.setAttribute("x", margin + 24);
      const count = document.createElementNS(svgns, "text");
      count.setAttribute("class", "nb-band-count");
      count.setAttribute("x", width - margin);
      count.setAttribute("y", 25);
      count.textContent = `${band.members.length} ${words.results}`;
      const toggle = () => {
        band.folded = !band.folded;
        layOut();
      };
      fold.addEventListener("click", toggle);
      fold.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        toggle();
      });
      band.element.append(fold, count);
      band.button = fold;
    }

    for (const item of graph.querySelectorAll(".nb-graph-legend li")) {
      const toggle = document.createElement("button");
      toggle.type = "button";
      toggle.setAttribute("aria-pressed", "true");
      toggle.append(...item.childNodes);
      item.append(toggle);
      toggle.addEventListener("click", () => {
        const shown = toggle.getAttribute("aria-pressed") === "false";
        toggle.setAttribute("aria-pressed", String(shown));
        if (shown) hiddenKinds.delete(item.dataset.kind);
        else hiddenKinds.add(item.dataset.kind);
        layOut();
      });
    }

    graph.classList.add("is-live");
    layOut();
    fit();
  };

  document.querySelectorAll(".nb-graph").forEach(enhance);
})();

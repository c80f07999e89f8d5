// Lists what is wrong with the page as it stands: overflow, contrast, names, ids, landmarks.
(() => {
  const faults = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) faults.push(`the page is ${root.scrollWidth} wide in ${root.clientWidth}`);
  const below = root.scrollHeight - document.querySelector("footer").getBoundingClientRect().bottom - scrollY;
  if (below > 1 && root.scrollHeight > innerHeight) faults.push(`the page goes on for ${below} below its footer`);

  const unseen = (el) => el.closest(".unseen, .skip, noscript") || getComputedStyle(el).visibility === "hidden";
  for (const el of document.querySelectorAll("body *")) {
    if (unseen(el) || el.closest("thead, .json, svg")) continue;
    const box = el.getBoundingClientRect();
    if (box.width && (box.right > root.clientWidth + 1 || box.left < -1)) faults.push(`${name(el)} leaves the page`);
    if (el.scrollWidth > el.clientWidth + 1 && getComputedStyle(el).overflowX === "hidden") faults.push(`${name(el)} cuts its text`);
  }
  const json = document.querySelector(".json");
  if (json && json.scrollWidth > json.clientWidth) faults.push("the answer scrolls sideways");

  function name(el) {
    return el.tagName.toLowerCase() + (el.id ? "#" + el.id : "") + (el.className ? "." + String(el.className).replaceAll(" ", ".") : "");
  }
  const parse = (color) => {
    const [r, g, b, a = 1] = color.match(/[\d.]+/g).map(Number);
    return [r, g, b, a];
  };
  const over = (top, below) => top.slice(0, 3).map((v, i) => v * top[3] + below[i] * (1 - top[3])).concat(1);
  const background = (el) => {
    const layers = [];
    for (let e = el; e; e = e.parentElement) layers.push(parse(getComputedStyle(e).backgroundColor));
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
  };
  const luminance = (c) => {
    const [r, g, b] = c.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  let texts = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  while (walker.nextNode()) {
    const el = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || seen.has(el) || unseen(el) || !el.getClientRects().length) continue;
    if (["SCRIPT", "STYLE", "OPTION"].includes(el.tagName)) continue;
    seen.add(el);
    texts++;
    const style = getComputedStyle(el);
    const below = background(el);
    const [x, y] = [luminance(over(parse(style.color), below)), luminance(below)].sort((a, b) => b - a);
    const ratio = (x + 0.05) / (y + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) faults.push(`${name(el)} has a contrast of ${ratio.toFixed(2)}: ${style.color}`);
    if (size < 12) faults.push(`${name(el)} has letters of ${size} px`);
  }
  if (texts < 10) faults.push(`only ${texts} texts were measured`);

  const ids = [...document.querySelectorAll("[id]")].map((el) => el.id);
  for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) faults.push(`the id ${id} is used twice`);
  for (const link of document.querySelectorAll("a[href^='#']")) {
    if (!document.getElementById(link.getAttribute("href").slice(1))) faults.push(`${link.getAttribute("href")} leads nowhere`);
  }
  for (const attribute of ["aria-labelledby", "for"]) {
    for (const el of document.querySelectorAll(`[${attribute}]`)) {
      if (!document.getElementById(el.getAttribute(attribute))) faults.push(`${name(el)}: ${attribute} names nothing`);
    }
  }
  for (const el of document.querySelectorAll("select, input:not([type=hidden])")) if (!el.labels.length) faults.push(`${name(el)} has no label`);
  for (const el of document.querySelectorAll("a, button")) if (!el.textContent.trim()) faults.push(`${name(el)} has no name`);
  for (const el of document.querySelectorAll("select, button, input:not([type=hidden])")) {
    if (el.getBoundingClientRect().height < 40) faults.push(`${name(el)} is too low for a finger`);
  }
  for (const one of ["h1", "main", "body > header", "body > footer"]) {
    if (document.querySelectorAll(one).length !== 1) faults.push(`${one} is not there exactly once`);
  }
  let level = 0;
  for (const h of document.querySelectorAll("h1, h2, h3, h4")) {
    const next = Number(h.tagName[1]);
    if (next > level + 1) faults.push(`${name(h)} skips a level`);
    level = next;
  }
  if (!root.lang) faults.push("the page has no language");
  return faults;
})();

// Puts what the server sends as events into the page: {"text": {id: text}, "html": {id: url}}.
// Without it the page is complete and merely stands still.
"use strict";
(() => {
  const body = document.body;
  const notice = document.getElementById("live-notice");
  const put = (id, text) => {
    for (const node of document.querySelectorAll(`[data-key="${CSS.escape(id)}"]`)) {
      if (node.textContent === text) continue;
      node.textContent = text;
      node.classList.remove("fresh");
      void node.offsetWidth;
      node.classList.add("fresh");
    }
  };
  const load = async (id, url) => {
    const target = document.getElementById(id);
    if (!target || document.hidden) return;
    const answer = await fetch(url, { headers: { Accept: "text/html, image/svg+xml" } });
    if (answer.ok) target.innerHTML = await answer.text();
  };
  const events = new EventSource(body.dataset.live);
  events.onopen = () => { notice.hidden = true; };
  events.onerror = () => { notice.textContent = body.dataset.lost; notice.hidden = false; };
  events.onmessage = (event) => {
    const change = JSON.parse(event.data);
    for (const [id, text] of Object.entries(change.text ?? {})) put(id, text);
    for (const [id, url] of Object.entries(change.html ?? {})) load(id, url).catch(() => {});
  };
})();

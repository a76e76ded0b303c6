// Lets a file be dropped onto the search form or pasted into the page; the form alone does the same by a click.
"use strict";
(() => {
  const drop = document.getElementById("drop");
  const input = document.getElementById("file");
  if (!drop || !input) return;
  const send = (files) => {
    if (!files || files.length === 0) return;
    const one = new DataTransfer();
    one.items.add(files[0]);
    input.files = one.files;
    input.form.requestSubmit();
  };
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    send(event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => {
    if (event.target instanceof HTMLTextAreaElement) return;
    send(event.clipboardData.files);
  });
  input.addEventListener("change", () => { if (input.files.length > 0) input.form.requestSubmit(); });
  document.getElementById("result")?.scrollIntoView();
})();
